"""Every count has a place of its own, so that its owner can judge it alone."""

from collections import Counter

from msgspec.structs import replace

from adapters.objects.lexicons import shipped_lexicon
from schemas.ids import SpeakerLabel
from schemas.objects import AttributedWord, AttributedWords
from schemas.word_events import WordsAttributed, WordsCounted
from streams.tally import counter
from streams.tally.announce import words_counted
from tests.credit_history import claim, run, truth
from tests.golden import example_of
from tests.verdict_history import totals, verdict, with_rows

S1 = SpeakerLabel("S1")
COUNTER = counter.Counter(shipped_lexicon())


def counted(*words: tuple[str, int, str]) -> WordsCounted:
    """The counts of words: what was written, when it began (ms), and the voice."""
    said = AttributedWords(
        words=tuple(
            AttributedWord(
                text=text, start_ms=ms, end_ms=ms + 400, probability=1.0, speaker=SpeakerLabel(who)
            )
            for text, ms, who in words
        )
    )
    event = example_of(WordsAttributed)
    found = COUNTER.count_window(said)
    return words_counted(event, said, COUNTER.version, found, len(found))


def places(counts: WordsCounted) -> list[tuple[str, str, int]]:
    first_ms = counts.rows[0].said_at_ms
    return [(row.speaker, row.word, row.said_at_ms - first_ms) for row in counts.rows]


def test_a_word_that_is_written_twice_in_one_has_two_places() -> None:
    assert places(counted(("lah-lah", 100, "S1"))) == [("S1", "lah", 0), ("S1", "lah", 1)]


def test_a_place_that_the_next_count_has_is_left_to_nobody() -> None:
    said = counted(("lah-lah-lah", 100, "S1"), ("lah", 101, "S1"))
    assert [place[2] for place in places(said)] == [0, 1, 2, 3]


def test_other_words_and_voices_keep_their_moments() -> None:
    said = counted(("walao", 100, "S1"), ("lah", 100, "S1"), ("lah", 100, "S2"))
    assert {place[2] for place in places(said)} == {0}


def test_one_of_two_counts_at_one_moment_is_struck_alone() -> None:
    """Before, the verdict on one of them struck the other as well."""
    twice = counted(("lah-lah", 100, "S1"))
    rows = [replace(row, maybe=False) for row in twice.rows]
    start = with_rows(1, ("S1", "S2"), rows)
    struck = [*start, claim("c", "S1", "mei"), verdict("v", rows[0].said_at_ms)]
    assert totals(run(start)) == {"lah": 2}
    assert totals(run(struck)) == {"lah": 1}
    assert truth(run(struck)) == {"mei": Counter(lah=1)}
