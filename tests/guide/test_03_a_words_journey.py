"""Chapter 3. A word's journey: from a window to a row of the warehouse.

When the session is over it is sealed: its windows are fixed for one generation. Voices of all
windows become speakers, each word gets its speaker, words of the lexicon are counted, and counts
become rows.
"""

from schemas.session_events import SessionReady, SessionSealed
from schemas.session_rows import SessionListing
from schemas.speech_events import SpeakersIdentified, VoicesComplete
from schemas.word_events import SessionCounted, WordsAttributed, WordsCounted
from tests.guide.phone import SESSION, recorded


def test_the_end_seals_a_generation() -> None:
    """Chunks 0 and 1 are a minute.

    Three windows, and one that owns nothing and hears what they left.
    """
    stack, _ = recorded()
    [sealed] = stack.said(SessionSealed)
    assert (sealed.generation, sealed.cause) == (1, "sealed")
    assert (sealed.total_ms, len(sealed.windows)) == (60_000, 4)
    assert sealed.gaps == ()


def test_voices_of_all_windows_become_speakers() -> None:
    """`attribution` waits for every window, then asks `cluster` once."""
    stack, _ = recorded()
    assert len(stack.said(VoicesComplete)) == 1
    [identified] = stack.said(SpeakersIdentified)
    assert [speaker.label for speaker in identified.speakers] == ["S1", "S2"]


def test_each_word_gets_the_speaker_whose_turn_holds_it() -> None:
    """S1 speaks in the first 20 s, S2 after that (`memory_stack.py` says so)."""
    stack, _ = recorded()
    words = {event.window: event.words for event in stack.said(WordsAttributed)}
    assert words[0] is not None
    assert words[1] is not None
    assert b'"speaker":"S1"' in stack.blobs.get(words[0])
    assert b'"speaker":"S2"' in stack.blobs.get(words[1])


def test_words_of_the_lexicon_are_counted() -> None:
    """One event has all counts of a window: a newer one replaces it, nothing is added up."""
    stack, _ = recorded()
    counted = stack.said(WordsCounted)
    assert {event.window for event in counted} == {0, 1, 2, 3}
    first = next(event for event in counted if event.window == 0)
    assert [(row.word, row.speaker, row.reason) for row in first.rows] == [("lah", "S1", "exact")]


def test_counts_become_rows() -> None:
    """The sink writes what the log says, under the identity of each count."""
    stack, _ = recorded()
    rows = stack.rows("word_events")
    assert {(row["session_id"], row["word"]) for row in rows} == {(SESSION, "lah")}
    assert [row["speaker"] for row in rows if row["window"] == 0] == ["S1"]
    identities = [(row["session_id"], row["window"], row["ordinal"]) for row in rows]
    assert len(set(identities)) == len(identities)


def test_a_generation_is_shown_when_it_is_complete() -> None:
    """Only now does the session ask its people who they are."""
    stack, _ = recorded()
    assert len(stack.said(SessionReady)) == 1
    assert stack.said(SessionListing)[-1].state == "ready_for_claiming"
    [totals] = stack.said(SessionCounted)
    assert sum(speaker.words.get("lah", 0) for speaker in totals.speakers) >= 3
