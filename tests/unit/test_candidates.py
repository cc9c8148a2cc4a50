"""Candidates: at most four at a place, the nearest first, none that adds nothing."""

from msgspec.structs import replace

from adapters.objects.lexicons import shipped_lexicon
from consumers.transcribe.candidates import (
    MOST,
    SURE,
    UNSURE,
    WITHIN_WORD_MS,
    CandidateSpan,
    find_candidates,
)
from consumers.transcribe.phonetics import SoundIndex
from schemas.objects import TranscribedWord
from tests.talk import transcribed

SOUNDS = SoundIndex(shipped_lexicon().words)
EVERYDAY = frozenset(
    "then we mock on the price is low law and see another shop more come do i go bang".split()
)


def found(words: list[TranscribedWord]) -> list[CandidateSpan]:
    return find_candidates(words, SOUNDS, lambda word: word.lower() in EVERYDAY)


def spellings(words: list[TranscribedWord]) -> set[tuple[int, int, str]]:
    return {(span.first, span.words, span.spelling) for span in found(words)}


def test_they_come_in_order_of_the_words_the_nearest_first_and_at_most_four() -> None:
    spans = found(transcribed("siya then we mock on the teh law."))
    assert [span.first for span in spans] == sorted(span.first for span in spans)
    for first in {span.first for span in spans}:
        here = [span.distance for span in spans if span.first == first]
        assert here == sorted(here)
        assert len(here) <= MOST


def test_two_words_may_be_one_unless_a_pause_or_a_comma_parts_them() -> None:
    words = transcribed("then we mock on")
    assert (2, 2, "makan") in spellings(words)
    comma = [*words[:2], replace(words[2], text="mock,"), words[3]]
    assert not any(tokens == 2 and first == 2 for first, tokens, _ in spellings(comma))
    quoted = [*words[:2], replace(words[2], text="mock,”"), words[3]]
    assert not any(tokens == 2 and first == 2 for first, tokens, _ in spellings(quoted))
    later = replace(words[3], start_ms=words[2].end_ms + WITHIN_WORD_MS + 1, end_ms=2_000)
    assert not any(
        tokens == 2 and first == 2 for first, tokens, _ in spellings([*words[:3], later])
    )


def test_sure_everyday_words_are_never_reconsidered() -> None:
    assert (2, 2, "makan") not in spellings(transcribed("then we mock on", UNSURE))
    assert (2, 1, "lor") in spellings(transcribed("the low law.", SURE - 0.01))
    assert (2, 1, "lor") not in spellings(transcribed("the low law.", SURE))


def test_a_word_by_ear_is_considered_however_sure_it_is() -> None:
    assert (1, 1, "sia") in spellings(transcribed("shop siya", 0.99))


def test_words_of_the_lexicon_are_taken_as_written() -> None:
    assert not any(first == 1 for first, _, _ in spellings(transcribed("wait lah")))


def test_a_longer_span_that_adds_nothing_is_left_out() -> None:
    spans = found(transcribed("we siya"))
    assert {(s.first, s.words) for s in spans if s.spelling == "sia"} == {(1, 1)}


def test_a_particle_within_a_clause_is_written_as_its_end() -> None:
    [inside] = [s for s in found(transcribed("we low shop")) if s.spelling == "lor"]
    assert (inside.clause_final, inside.text) == (True, "lor,")
    [at_end] = [s for s in found(transcribed("we see low")) if s.spelling == "lor"]
    assert (at_end.clause_final, at_end.text) == (False, "lor")


def test_a_suffix_particle_keeps_the_word_in_front_of_it() -> None:
    [sia] = [s for s in found(transcribed("the moxia")) if s.spelling == "sia"]
    assert (sia.head, sia.text, sia.words) == ("mo", "mo sia", 1)


def test_two_words_of_the_lexicon_may_be_written_as_one() -> None:
    assert (1, 1, "goondu lah") in spellings(transcribed("see goondula."))
    assert (1, 1, "teh peng") in spellings(transcribed("see tepeng"))
    assert not any(" lah" in spelling for _, _, spelling in spellings(transcribed("see makan")))


def test_one_word_that_is_as_near_is_one_word() -> None:
    assert (1, 1, "kaypoh") in spellings(transcribed("see keepoh"))
    assert not any("hor" in spelling for _, _, spelling in spellings(transcribed("see keepoh")))


def test_an_everyday_word_behind_food_may_be_more_of_it() -> None:
    assert (2, 1, "peng") in spellings(transcribed("the kopi bang and"))
    assert (2, 1, "peng") in spellings(transcribed("the kopee bang and"))
    assert (2, 1, "peng") not in spellings(transcribed("the shop bang and"))
    assert (2, 1, "peng") not in spellings(transcribed("the kopi. bang and"))


def test_everyday_words_may_be_far_from_a_long_word_and_not_from_a_short_one() -> None:
    """Found on "more come" for makan. "do i go" in English is 0.26 from tio."""
    assert (1, 2, "makan") in spellings(transcribed("we more come then"))
    english = spellings(transcribed("we do i go then"))
    assert not any(spelling == "tio" for _, _, spelling in english)
