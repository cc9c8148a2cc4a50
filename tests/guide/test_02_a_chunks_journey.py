"""Chapter 2. A chunk's journey: from a phone to work for the models.

The gateway stores a chunk's bytes as an object and publishes a fact that names them. The `sessions`
fold cuts the timeline into windows of 20 s. A window whose audio is there goes to the model stages.
"""

from schemas import topics
from schemas.object_kinds import CHUNK
from schemas.phone_events import ChunkUploaded
from schemas.session_rows import SessionListing
from schemas.speech_events import WindowReady, WindowTranscribed, WindowVoiced
from tests.guide.memory_stack import MemoryStack
from tests.guide.phone import SESSION, Phone


def recording() -> tuple[MemoryStack, Phone]:
    """A session that is being recorded, without a chunk."""
    stack = MemoryStack()
    phone = Phone(stack)
    phone.start()
    return stack, phone


def test_bytes_are_an_object_and_the_log_has_a_pointer() -> None:
    """The event carries the digest; the key of the object follows from it."""
    stack, phone = recording()
    assert phone.chunk(0, b"what the phone heard")
    [uploaded] = stack.said(ChunkUploaded)
    key = CHUNK.key(session_id=SESSION, seq=0, sha256=uploaded.sha256)
    assert stack.blobs.contents()[key] == b"what the phone heard"
    assert uploaded.size == len(b"what the phone heard")


def test_a_chunk_that_comes_again_is_the_same_fact() -> None:
    """The phone repeats what it has no receipt of.

    The event has the same id, and no stage works twice.
    """
    stack, phone = recording()
    phone.chunk(0)
    windows = stack.said(WindowReady)
    assert not phone.chunk(0)
    first, again = stack.said(ChunkUploaded)
    assert first.event_id == again.event_id
    assert stack.said(WindowReady) == windows


def test_a_window_is_ready_when_its_audio_is_there() -> None:
    """Chunk 0 covers [0 s, 30 s): window 0, [0 s, 20 s), is ready. Window 1 waits for chunk 1."""
    stack, phone = recording()
    phone.chunk(0)
    [window] = stack.said(WindowReady)
    assert (window.window, window.revision) == (0, 1)
    assert (window.start_ms, window.end_ms) == (0, 20_000)
    assert [chunk.seq for chunk in window.chunks] == [0]
    phone.chunk(1)
    assert [one.window for one in stack.said(WindowReady)] == [0, 1, 2]


def test_chunks_may_come_in_any_order() -> None:
    """Chunk 1 covers [30 s, 60 s). Window 0 waits for chunk 0, which comes late."""
    stack, phone = recording()
    phone.chunk(1)
    assert 0 not in [one.window for one in stack.said(WindowReady)]
    phone.chunk(0)
    assert sorted(one.window for one in stack.said(WindowReady)) == [0, 1, 2]


def test_two_stages_work_on_a_window_apart() -> None:
    """`transcribe` and `diarize` read the same topic. Each answers with a pointer to an object."""
    stack, phone = recording()
    phone.chunk(0)
    [transcribed] = stack.said(WindowTranscribed)
    [voiced] = stack.said(WindowVoiced)
    assert (transcribed.window, voiced.window) == (0, 0)
    assert transcribed.result is not None
    assert b'"lah"' in stack.blobs.get(transcribed.result)


def test_everybody_may_know_how_far_a_session_is() -> None:
    """The directory is a compacted topic: the last row of a session is all that a gateway needs."""
    stack, phone = recording()
    phone.chunk(0)
    assert topics.DIRECTORY.compacted
    row = stack.said(SessionListing)[-1]
    assert (row.state, row.received) == ("recording", ((0, 1),))
