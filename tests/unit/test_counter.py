"""Whole tokens, senses, and every word of the lexicon counts once."""

from collections import Counter as Tally

import pytest

from adapters.objects.lexicons import shipped_lexicon
from deploy.cli.text_counts import spoken
from schemas.objects import AttributedWord
from streams.tally.counter import Counter

LEXICON = shipped_lexicon()


def counted(text: str) -> dict[str, int]:
    return dict(Tally(found.word for found in Counter(LEXICON).count(spoken(text))))


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("wah lah so good", {"wah": 1, "lah": 1}),
        ("I can't do it", {}),
        ("the price is low", {}),
        ("lunch hour at Raffles Place", {}),
        ("the ground shook", {}),
        ("I will see another shop", {}),
        ("while updating the computer", {}),
        ("mah jong tonight", {}),
        ("press the arrow key", {}),
        ("the power supply is one metre away", {}),
        ("salah, Malaysia, Alabama", {}),
        ("can lah can lah", {"can": 2, "lah": 2}),
        ("you can do it, cannot meh?", {"cannot": 1, "meh": 1}),
    ],
)
def test_must_hold(said: str, wanted: dict[str, int]) -> None:
    assert counted(said) == wanted


@pytest.mark.parametrize("spelling", LEXICON.hotwords)
def test_every_word_counts_once(spelling: str) -> None:
    sentences = {
        "can": "like that also can",
        "cannot": "this one also cannot lah",
        "one": "he very funny one",
        "what": "I told you already what",
        "arrow": "I kena arrow again",
        "power": "wah damn power",
        "steady": "he damn steady",
        "blur": "he so blur",
        "ma": "he like that ma",
        "ah": "you going home ah",
        "eh": "eh come here",
        "huh": "huh you say",
        "la": "so good la",
    }
    entry = next(e.word for e in LEXICON.words if spelling in (e.word, *e.variants))
    assert counted(sentences.get(spelling, f"today really {spelling}")).get(entry) == 1


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("you siao is it", "siao"),
        ("simi thing you want", "simi"),
        ("wah piang eh so expensive", "wa piang"),
        ("this one confirm plus chop", "confirm plus chop"),
        ("he talking cock again", "talk cock"),
        ("so bo liao", "bo liao"),
        ("got one ang moh behind", "ang moh"),
        ("that ah beng there", "ah beng"),
        ("wah swee", "swee"),
        ("he tio fine", "tio"),
        ("you want anot", "anot"),
        ("kan you lah", "kan"),
        ("he just act blur", "blur"),
    ],
)
def test_words_that_users_missed_in_the_first_product(said: str, word: str) -> None:
    assert counted(said).get(word) == 1
    assert "liao" not in counted(said)
    assert "ah" not in counted(said)


def test_words_without_a_speaker_are_not_counted() -> None:
    word = AttributedWord(text="lah", start_ms=0, end_ms=90, probability=1.0, speaker=None)
    assert Counter(LEXICON).count([word]) == []
