"""Chapter 5. A late chunk: a new revision, a new generation, and no count twice.

A phone may find its connection again after the session was sealed. Its chunks are
not lost: the windows that they touch are worked on again, and a newer generation
replaces all counts.
"""

from schemas.session_events import SessionSealed
from schemas.session_rows import SessionListing
from schemas.speech_events import SpeakersIdentified, WindowReady
from schemas.word_events import SessionCounted, WordsCounted
from tests.guide.phone import recorded


def test_a_late_chunk_opens_a_generation() -> None:
    """Generation 1 had a minute, generation 2 has a minute and a half."""
    stack, phone = recorded()
    phone.chunk(2)
    first, second = stack.said(SessionSealed)
    assert (first.generation, second.generation) == (1, 2)
    assert (first.total_ms, second.total_ms) == (60_000, 90_000)
    assert second.cause == "late_chunk"


def test_only_windows_whose_audio_changed_are_worked_on_again() -> None:
    """Window 0 is as it was: its revision is still 1, and no model hears it again."""
    stack, phone = recorded()
    before = len(stack.said(WindowReady))
    phone.chunk(2)
    again = stack.said(WindowReady)[before:]
    assert 0 not in {window.window for window in again}
    sealed = stack.said(SessionSealed)[-1]
    assert sealed.windows[0] == 1
    assert {window.window: window.revision for window in again}.items() <= dict(
        enumerate(sealed.windows)
    ).items()


def test_a_newer_generation_replaces_the_counts() -> None:
    """Rows have an identity without the generation, and the newest generation wins.

    A repeat adds nothing.
    """
    stack, phone = recorded()
    phone.chunk(2)
    of_first_window = [event for event in stack.said(WordsCounted) if event.window == 0]
    assert [event.generation for event in of_first_window] == [1, 2]
    rows = [row for row in stack.rows("word_events") if row["window"] == 0]
    assert len({(row["window"], row["ordinal"]) for row in rows}) == 1
    totals = stack.said(SessionCounted)
    assert [event.generation for event in totals] == [1, 2]


def test_speakers_keep_their_labels() -> None:
    """The new clustering is told who was there before. A claim stays."""
    stack, phone = recorded()
    phone.chunk(2)
    first, second = stack.said(SpeakersIdentified)
    assert [speaker.label for speaker in first.speakers] == [
        speaker.label for speaker in second.speakers
    ]
    assert stack.said(SessionListing)[-1].generation == 2


def test_a_chunk_that_was_there_opens_nothing() -> None:
    """The phone repeats an old chunk after the end: it is known."""
    stack, phone = recorded()
    phone.chunk(1)
    assert len(stack.said(SessionSealed)) == 1
