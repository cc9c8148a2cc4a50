"""From a written word to the words of the lexicon that sound like it: which are rescored."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from adapters.objects.lexicons import shipped_lexicon
from consumers.transcribe.candidates import find_candidates
from consumers.transcribe.phonetics import SoundIndex, sound
from consumers.transcribe.rescoring import Rescorer
from consumers.transcribe.sound_distance import distance
from tests.talk import transcribed

LEXICON = shipped_lexicon()
SOUNDS = SoundIndex(LEXICON.words)
EVERYDAY = frozenset(
    "the price is low law see another shop ground shook updating mock on then we can".split()
)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("siya", "sia"),
        ("mock on", "makan"),
        ("see bay", "sibei"),
        ("chi bai", "cheebai"),
        ("chabut", "cabut"),
        ("nabeh", "nabei"),
        ("lay pak", "lepak"),
        ("te", "teh"),
    ],
)
def test_the_same_sound_spelled_otherwise_is_near(written: str, said: str) -> None:
    assert distance("".join(map(sound, written.split())), sound(said)) <= 0.15


@pytest.mark.parametrize(
    ("one", "other"),
    [("price", "lah"), ("together", "kena"), ("music", "makan"), ("station", "gostan")],
)
def test_other_sounds_are_far(one: str, other: str) -> None:
    assert distance(sound(one), sound(other)) > 0.26


def asked(text: str, probability: float = 0.5) -> set[tuple[str, str]]:
    words = transcribed(text, probability)
    found = find_candidates(words, SOUNDS, lambda word: word in EVERYDAY)
    return {(" ".join(w.text for w in words[s.first : s.end]), s.spelling) for s in found}


def test_what_is_asked_about() -> None:
    assert ("mock on", "makan") in asked("then we mock on")
    assert ("siya", "sia") in asked("shook siya")
    assert ("law.", "lor") in asked("we can see the shop law.")


def test_what_is_not() -> None:
    assert ("we", "wah") in asked("we see the shop")
    assert not any(
        written == "we" for written, _ in asked("then we see the shop")
    )  # within a clause an everyday word is no exclamation
    assert (
        asked("then we mock on", probability=0.99) == set()
    )  # the recogniser is sure, and it is English
    assert not any(
        " " in written for written, _ in asked("see, ya")
    )  # nobody says one word over a comma
    assert not any(
        "lah" in written for written, _ in asked("wait lah")
    )  # a word of the lexicon is taken at its word


def test_a_spelling_is_judged_without_the_last_sentence_of_the_style() -> None:
    assert LEXICON.style.startswith(LEXICON.question())
    assert (
        replace(LEXICON, style="Can lah, can! Really ah? Okay lah.").question()
        == "Can lah, can! Really ah?"
    )
    assert replace(LEXICON, style="").question() == ""


def test_a_name_is_everyday_english_with_its_capital_alone() -> None:
    words = [replace(transcribed("tae")[0], text=written) for written in ("tae", "Tae")]
    assert [
        {s.spelling for s in find_candidates([word], SOUNDS, lambda word: word == "Tae")} & {"teh"}
        for word in words
    ] == [{"teh"}, set()]


def test_a_particle_that_hangs_on_a_word_by_ear() -> None:
    assert ("moxia.", "sia") in asked("the ground moxia.")
    assert asked("the moxia ground") == set()  # no particle stands within a clause
    assert not any(spelling == "sia" for _, spelling in asked("the shop."))
    assert SOUNDS.suffix_particles("moxia") == [("mo", "sia", 0.4)]
    assert {particle for _, particle, _ in SOUNDS.suffix_particles("saidilao")} == {
        "lah",
        "leh",
        "lor",
    }
    assert (
        SOUNDS.suffix_particles("alfreda") == []
    )  # ah begins with a vowel: half of all words end like it
    soundless = replace(
        next(entry for entry in LEXICON.words if entry.word == "lah"), word="哦", variants=()
    )
    assert SoundIndex([soundless]).suffix_particles("moxia") == []


class LikesSia:
    """Likes sia."""

    def is_common(self, word: str) -> bool:
        return word in EVERYDAY

    def log_likelihoods(self, states: Any, texts: Sequence[str]) -> list[float]:
        assert len(states)
        return [-2.0 if "sia." in text else -5.0 for text in texts]


def test_rescoring_adds_evidence_and_moves_nothing() -> None:
    words = transcribed("the ground shook siya.")
    rescored = Rescorer(LikesSia(), SOUNDS).rescore(np.zeros((100, 4), np.float32), words)
    assert [(w.text, w.start_ms, w.end_ms, w.probability) for w in rescored] == [
        (w.text, w.start_ms, w.end_ms, w.probability) for w in words
    ]
    sia = next(c for c in rescored[3].candidates if c.spelling == "sia")
    assert (sia.nats, sia.words, sia.common) == (3.0, 1, False)


def test_what_hangs_on_a_word_is_weighed_behind_it() -> None:
    [*_, last] = Rescorer(LikesSia(), SOUNDS).rescore(
        np.zeros((100, 4), np.float32), transcribed("the ground Moxia.")
    )
    assert [(c.spelling, c.nats, c.words, c.distance) for c in last.candidates] == [
        ("sia", 3.0, 1, 0.4)
    ]


def test_a_particle_within_a_clause_is_weighed_with_its_comma() -> None:
    class Asked(LikesSia):
        texts: Sequence[str] = ()

        def log_likelihoods(self, states: Any, texts: Sequence[str]) -> list[float]:
            self.texts = [*self.texts, *texts]
            return super().log_likelihoods(states, texts)

    scorer = Asked()
    Rescorer(scorer, SOUNDS).rescore(
        np.zeros((100, 4), np.float32), transcribed("we can low shop. we can see law.")
    )
    assert {"we can low shop. we can see", "we can lor, shop. we can see"} <= set(scorer.texts)
    assert not any("lor,." in text or "lor.," in text for text in scorer.texts)
