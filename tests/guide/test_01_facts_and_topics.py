"""Chapter 1. Facts: what is on a topic, and why a repeat is harmless.

Everything in Lahstats is a fact: a whole value with an identity, on a topic. Nothing is added up on
the way, so that every fact may arrive twice, late, or in another order. Start here, then follow a
chunk (chapter 2).
"""

import pytest
from msgspec.structs import replace

from schemas import codec, topics
from schemas.speech_events import WindowReady
from tests.golden import EXAMPLES, example_of

WINDOW = example_of(WindowReady)


def test_a_topic_declares_what_may_be_on_it() -> None:
    """Events, key and readers of a topic are part of its declaration in `schemas/topics.py`."""
    topic = topics.WINDOW_READY
    assert topic.events == (WindowReady,)
    assert "transcribe" in topic.readers
    assert topic.dead_letters == f"{topic.name}.dlq"


def test_every_event_has_an_example() -> None:
    """`schemas/golden` has one of each. It decodes, and its encoding decodes to an equal event."""
    for topic, event in EXAMPLES:
        assert codec.decode(topic, codec.encode(event)) == event


def test_the_same_fact_has_the_same_id_whoever_publishes_it() -> None:
    """An event's class declares its identity, and the id follows.

    A process that repeats itself repeats the id.
    """
    assert WindowReady.identity == ("session_id", "window", "revision")
    later = replace(WINDOW, occurred_at_ms=WINDOW.occurred_at_ms + 1)
    assert later.event_id == WINDOW.event_id
    newer = replace(WINDOW, revision=WINDOW.revision + 1, event_id="")
    assert newer.event_id != WINDOW.event_id


def test_a_field_that_nobody_declared_is_rejected() -> None:
    """Writers and readers of different versions notice at once, not by wrong counts."""
    changed = codec.encode(WINDOW).replace(b'"window"', b'"surprise":1,"window"', 1)
    with pytest.raises(Exception, match="unknown field `surprise`") as error:
        codec.decode(topics.WINDOW_READY, changed)
    assert error.value.reason == "malformed_event"  # type: ignore[attr-defined]
