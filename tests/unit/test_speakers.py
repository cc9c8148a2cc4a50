"""A word goes to the speaker of its turn, unless its sentence is clearly somebody else's."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.clause_ends import PAUSE_MS
from schemas.ids import SpeakerLabel
from schemas.objects import TranscribedWord, Turn, Turns
from streams.attribution.speakers import Ordered, OrderedTurns, attribute, ordered
from streams.tally.clauses import clauses
from tests.talk import Span, turns_of


def heard(text: str, start_ms: int = 0, each_ms: int = 300) -> list[TranscribedWord]:
    return [
        TranscribedWord(
            text=w,
            start_ms=start_ms + n * each_ms,
            end_ms=start_ms + (n + 1) * each_ms - 20,
            probability=0.9,
        )
        for n, w in enumerate(text.split())
    ]


def turns(*spans: Span) -> OrderedTurns:
    found = turns_of(*spans)
    return ordered(Turns(turns=found, exclusive=found, voiceprints=(), next_label=9))


def who(words: list[TranscribedWord], known: OrderedTurns) -> list[str | None]:
    return [word.speaker for word in attribute(words, known)]


def test_a_word_goes_with_the_turn_that_holds_most_of_it() -> None:
    words = heard("eat already? not yet lah.")
    assert who(words, turns(("S1", 0, 650), ("S2", 650, 1500))) == ["S1", "S1", "S2", "S2", "S2"]


def test_a_word_on_a_border_goes_with_its_sentence_and_remembers_the_doubt() -> None:
    words = heard("the new place is very good lor. really meh?")
    found = attribute(words, turns(("S1", 0, 1800), ("S2", 1800, 2700)))
    assert [w.speaker for w in found] == ["S1"] * 7 + ["S2"] * 2
    assert (found[6].text, found[6].rivals) == ("lor.", ("S2",))


def test_an_answer_within_a_sentence_stands() -> None:
    words = heard("I go first can lah then you come")
    assert (
        who(words, turns(("S1", 0, 900), ("S2", 900, 1500), ("S1", 1500, 2400)))
        == ["S1"] * 3 + ["S2"] * 2 + ["S1"] * 3
    )


def test_a_pause_ends_a_sentence() -> None:
    words = heard("we are going home now") + heard("okay", 2_000)
    assert who(words, turns(("S1", 0, 1500), ("S2", 1_900, 2_400))) == ["S1"] * 5 + ["S2"]


def test_the_shortest_pause_that_ends_a_clause_ends_a_sentence_too() -> None:
    words = heard("we are going home now")
    words += heard("okay", words[-1].end_ms + PAUSE_MS)
    known = turns(("S1", 0, 1500), ("S2", 1_800, 2_400))
    assert who(words, known) == ["S1"] * 5 + ["S2"]
    attributed = attribute(words, known)
    alone = [replace(word, speaker=SpeakerLabel("S1")) for word in attributed]
    assert len(clauses(alone)) == 2


def test_a_word_near_a_turn_is_that_speakers_and_far_from_all_nobodys() -> None:
    near = heard("lah", 1_400)
    far = heard("lah", 9_000)
    assert who([*near, *far], turns(("S1", 0, 1_000))) == ["S1", None]


MOMENTS = st.integers(0, 50)
SPANS = st.lists(st.tuples(MOMENTS, MOMENTS).map(sorted), max_size=12)


@given(SPANS, MOMENTS, MOMENTS)
def test_turns_near_some_words_are_found_in_whatever_order_they_are(
    spans: list[list[int]], first_ms: int, last_ms: int
) -> None:
    known = [
        Turn(speaker=SpeakerLabel("S1"), start_ms=start_ms, end_ms=end_ms)
        for start_ms, end_ms in spans
    ]
    near = [turn for turn in known if turn.start_ms <= last_ms and turn.end_ms >= first_ms]
    found = Ordered(known).between(first_ms, last_ms)
    assert sorted(found, key=msgspec.structs.astuple) == sorted(near, key=msgspec.structs.astuple)
