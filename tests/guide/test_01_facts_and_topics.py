"""Chapter 1. Facts: what is on a topic, and why a repeat is harmless.

Everything in Lahstats is a fact: a whole value with an identity, on a topic. Nothing is added up on the way, so that
every fact may arrive twice, late, or in another order. Start here, then follow a chunk (chapter 2).
"""

import pytest

from schemas import codec, topics
from schemas.ids import event_id
from schemas.speech_events import WindowReady
from tests.guide.examples import body, examples_on, golden


def test_a_topic_declares_what_may_be_on_it() -> None:
    """Events, key and readers of a topic are part of its declaration in `schemas/topics.py`."""
    topic = topics.WINDOW_READY
    assert topic.events == (WindowReady,)
    assert "transcribe" in topic.consumers
    assert topic.dead_letters == f"{topic.name}.dlq"


def test_every_event_has_an_example() -> None:
    """`schemas/golden` has one of each. It decodes, and its encoding decodes to an equal event."""
    for topic, event in examples_on():
        assert codec.decode(topic, codec.encode(event)) == event


def test_the_same_fact_has_the_same_id_whoever_publishes_it() -> None:
    """An `event_id` is computed from the identity. A process that repeats itself repeats the id."""
    event = golden(topics.WINDOW_READY, "WindowReady")
    assert isinstance(event, WindowReady)
    again = event_id("WindowReady", event.session_id, event.window, event.revision)
    newer = event_id("WindowReady", event.session_id, event.window, event.revision + 1)
    assert again == event_id("WindowReady", event.session_id, event.window, event.revision)
    assert newer != again


def test_a_field_that_nobody_declared_is_rejected() -> None:
    """A writer and a reader of different versions notice at once, not after a month of wrong counts."""
    changed = body("WindowReady").replace(b'"window"', b'"surprise": 1, "window"', 1)
    with pytest.raises(Exception, match="unknown field `surprise`") as error:
        codec.decode(topics.WINDOW_READY, changed)
    assert error.value.reason == "malformed_event"  # type: ignore[attr-defined]
