"""Chapter 7. A dead letter: what can never be handled gets a reason, and nobody waits for it.

An error has three fates. A server that is away is transient: tried again. A message that can never
be handled is rejected: it becomes a dead letter with its reason. Anything else is unknown: the
process crashes, loudly.
"""

import pytest

from schemas import codec, topics
from schemas.ids import SessionId, UserId
from schemas.phone_events import SessionEnded
from schemas.rejections import Reason, Rejected
from schemas.session_events import SessionReady
from schemas.speech_events import WindowTranscribed
from schemas.word_events import SessionCounted
from tests.guide.memory_stack import MemoryStack, clock
from tests.guide.phone import Phone


def test_bytes_that_are_no_event_are_rejected_by_the_codec() -> None:
    """The consumer loop writes them to the dead letters and goes on."""
    with pytest.raises(Rejected) as rejected:
        codec.decode(topics.INBOUND, b"not json")
    assert rejected.value.reason is Reason.NOT_JSON


def test_an_event_about_nothing_is_a_dead_letter() -> None:
    """Nobody started this session, and nobody will: the events of a session come in order."""
    stack = MemoryStack()
    stack.publish(
        topics.INBOUND,
        SessionEnded(
            occurred_at_ms=clock(), session_id=SessionId("nobody"), owner=UserId("mei"), chunks=1
        ),
    )
    assert stack.dead_letters == [("sessions", Reason.UNKNOWN_SESSION)]


def test_a_chunk_that_nobody_can_decode_is_missing_audio() -> None:
    """Its windows are answered all the same, with the spans that nobody could hear."""
    stack = MemoryStack()
    phone = Phone(stack)
    phone.start()
    phone.chunk(0)
    phone.chunk(1, b"damaged on the way")
    phone.stop(chunks=2)
    missing = {event.window: event.missing for event in stack.said(WindowTranscribed)}
    assert missing[0] == ()
    assert missing[1] == ((30_000, 40_000),)
    assert missing[2] == ((40_000, 60_000),)
    assert len(stack.said(SessionReady)) == 1
    assert stack.said(SessionCounted)[-1].missing == ((30_000, 60_000),)
