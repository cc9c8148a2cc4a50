"""Clips that are wanted: each names the chunks that it is cut from."""

from msgspec.structs import replace

from schemas.event import Event
from schemas.ids import SpeakerLabel
from schemas.speech_events import ClipsWanted, SpeakersIdentified
from streams.sessions.work import MOST_CHUNKS
from tests.session_history import ENDED, STARTED, chunk, identified, run

CLIP = (0, 5_000)


def wanted(chunks: int) -> ClipsWanted:
    """The clips of a speaker whose session has so many chunks, all of them at its beginning."""
    there: list[Event] = [replace(chunk(0), event_id="", seq=n) for n in range(chunks)]
    [found] = [
        event
        for event in run(
            [STARTED, *there, replace(ENDED, event_id="", chunks=chunks), with_a_clip()]
        )
        if isinstance(event, ClipsWanted)
    ]
    return found


def with_a_clip() -> SpeakersIdentified:
    event = identified(1, "S1")
    [speaker] = event.speakers
    return replace(event, event_id="", speakers=(replace(speaker, clips=(CLIP,)),))


def test_a_clip_names_its_chunks() -> None:
    [clip] = wanted(1).clips
    assert (clip.speaker, clip.span) == (SpeakerLabel("S1"), CLIP)
    assert [one.seq for one in clip.chunks] == [0]


def test_a_clip_of_more_chunks_than_a_message_holds_is_not_cut() -> None:
    """Before, the speakers of the session were a dead letter with it, and the talk failed."""
    assert len(wanted(MOST_CHUNKS).clips) == 1
    assert wanted(MOST_CHUNKS + 1).clips == ()
