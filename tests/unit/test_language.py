"""English is known by its sound and by its text: an accent alone makes nobody speak Malay."""

from pathlib import Path

import pytest

from adapters.objects.lexicons import shipped_lexicon
from consumers.transcribe.language import english, understood
from schemas.ids import SpeakerLabel
from schemas.objects import AttributedWord
from streams.tally.counter import Counter

EVERYDAY = frozenset(
    "because it's red and black so it goes with any it was quite for the in".split()
)
SENTENCES = Path(__file__).parents[1] / "senses/known.tsv"
"""Sentences that Singaporeans wrote, in the last column."""


def is_common(word: str) -> bool:
    return word.lower() in EVERYDAY


def words(text: str, sure: float) -> list[tuple[str, float]]:
    return [(word, sure) for word in text.split()]


def test_clear_english_with_an_accent_is_english() -> None:
    """Read sentences and calls of Singaporeans: Whisper has 0.02 to 0.15 for half of them."""
    clear = understood(words("because it's red and black so it goes", 0.8), is_common)
    assert english(0.023, clear) > 0.7
    assert english(0.1, clear) > 0.9


@pytest.mark.parametrize(("heard", "sure"), [(0.0005, 0.5), (0.002, 0.35), (0.0, 0.75)])
def test_another_language_stays_another_one(heard: float, sure: float) -> None:
    """Mandarin and Malay that the recogniser turned into words of English, and of nothing."""
    assert english(heard, understood(words("it was quite sayang lagi", sure), is_common)) < 0.3


def test_an_apostrophe_of_either_shape_is_one() -> None:
    assert understood([("it’s", 0.8)], is_common) == understood([("it's", 0.8)], is_common) == 0.8


def test_words_that_were_spelled_by_ear_are_not_understood() -> None:
    assert understood(words("Zhongwu, Yangguang", 0.9), is_common) == 0
    assert understood([], is_common) == 0
    mixed = [("so", 0.8), ("Fangfu", 0.9), ("red,", 0.4)]
    assert understood(mixed, is_common) == pytest.approx(0.4)


OTHERS = (
    "Pero quiero preguntarle si solo existen productos para la piel o hay otra forma",
    "Ich habe das nicht gewusst und wir haben auch keine andere Lösung gefunden",
    "Saya tidak tahu sama ada dia akan datang ke rumah kita malam ini",
    "Je ne sais pas si vous avez compris mais nous avons beaucoup de travail",
)
"""Clear sentences. Whisper writes most of their words as one piece, as it does English ones."""


@pytest.mark.parametrize("text", OTHERS)
def test_everyday_words_of_another_language_are_not_english(text: str) -> None:
    """A Spanish call counted the article "la" as a lah: the vocabulary has Spanish words too."""
    assert understood(words(text, 0.9), lambda _: True) < 0.5
    assert english(0.014, understood(words(text, 0.5), lambda _: True)) < 0.5


def test_singlish_has_the_words_that_hold_english_together() -> None:
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        text = line.split("\t")[-1]
        assert understood(words(text, 0.9), lambda _: True) > 0.7, text


@pytest.mark.parametrize("text", ["Wah damn shiok sia", "kopi peng lah", "si no hay problema"])
def test_a_short_text_says_little(text: str) -> None:
    assert understood(words(text, 0.9), lambda _: True) == pytest.approx(0.9)


def test_more_of_either_never_makes_english_less_probable() -> None:
    steps = [n / 20 for n in range(21)]
    assert sorted(steps, key=lambda heard: english(heard, 0.6)) == steps
    assert sorted(steps, key=lambda clear: english(0.1, clear)) == steps


def test_what_a_singaporean_says_on_the_telephone_is_shown() -> None:
    """A real call: Whisper takes it for Malay, and writes "lah" with 0.98."""
    text = (
        "because it's red and black lah, so it goes with any fit. It was quite durable lah for the"
    )
    sure = {"lah,": 0.086, "lah": 0.98}
    found = [(word, sure.get(word, 0.9)) for word in text.split()]
    clear = understood(found, lambda word: word != "lah")
    said = [
        AttributedWord(
            text=word,
            start_ms=n * 300,
            end_ms=n * 300 + 250,
            probability=probability,
            speaker=SpeakerLabel("S1"),
            english=english(0.023, clear),
        )
        for n, (word, probability) in enumerate(found)
    ]
    counted = Counter(shipped_lexicon()).count(said)
    assert [(one.word, one.maybe) for one in counted] == [("lah", False), ("lah", False)]
