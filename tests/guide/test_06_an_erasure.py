"""Chapter 6. An erasure: what is gone stays gone.

Events of a session are still on their way when it is erased. The eraser sets a
marker first and removes then. Every writer looks for the marker before its work and
after it. So nothing comes
back.
"""

from schemas import object_kinds, topics
from schemas.ids import UserId
from schemas.object_kinds import ERASURE_MARKER
from schemas.session_events import SessionErased
from schemas.session_requests import EraseRequested
from schemas.speech_events import WindowReady
from tests.guide.memory_stack import MemoryStack, clock
from tests.guide.phone import OWNER, SESSION, recorded


def erase(stack: MemoryStack, by: UserId = OWNER) -> None:
    """Let a user ask for the session to be erased."""
    request = EraseRequested(
        occurred_at_ms=clock(), session_id=SESSION, request_id="request-9", by=by
    )
    stack.publish(topics.INBOUND, request)


def test_every_object_of_the_session_goes() -> None:
    """Audio, voices, turns, words and clips. The marker stays: late work finds it."""
    stack, _ = recorded()
    assert len(stack.blobs.keys("")) > 10
    erase(stack)
    assert stack.blobs.keys("") == [ERASURE_MARKER.key(session_id=SESSION)]


def test_what_goes_is_declared() -> None:
    """`schemas/object_kinds.py` says for each prefix what removes it.

    A key of no declared kind fails a test.
    """
    stack, _ = recorded()
    prefixes = object_kinds.erased_prefixes(SESSION)
    assert [key for key in stack.blobs.keys("") if not key.startswith(prefixes)] == []


def test_late_work_brings_nothing_back() -> None:
    """A window that was with a worker is finished after the erasure.

    Its result is dropped, its object removed.
    """
    stack, _ = recorded()
    erase(stack)
    before = len(stack.log)
    stack.publish(topics.WINDOW_READY, stack.said(WindowReady)[0])
    assert len(stack.log) == before + 1
    assert stack.blobs.keys("") == [ERASURE_MARKER.key(session_id=SESSION)]
    assert stack.dead_letters == []


def test_the_warehouse_knows_which_days_to_recompute() -> None:
    """The session is marked there as well: a sink that is behind writes no row of it."""
    stack, _ = recorded()
    erase(stack)
    assert [row["session_id"] for row in stack.rows("erased_sessions")] == [SESSION]


def test_an_erasure_that_comes_again_is_the_same() -> None:
    """The same request, or a replay of the whole topic: the same fact."""
    stack, _ = recorded()
    erase(stack)
    erase(stack)
    first, again = stack.said(SessionErased)
    assert first.event_id == again.event_id
    assert stack.blobs.keys("") == [ERASURE_MARKER.key(session_id=SESSION)]
