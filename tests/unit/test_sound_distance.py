"""The tree of sounds finds what a look at every sound finds, and no less."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.objects.lexicons import shipped_lexicon
from consumers.transcribe.phonetics import SoundIndex, sound
from consumers.transcribe.sound_distance import SoundTree, distance

LETTERS = "abkCSJNWI"
SOUND = st.text(LETTERS, max_size=6)
FARTHEST = st.sampled_from([0.0, 0.15, 0.2, 0.26, 0.5, 1.0])
LEXICON = shipped_lexicon()


@given(st.dictionaries(SOUND, st.lists(SOUND, min_size=1, max_size=3)), SOUND, FARTHEST)
def test_words_within_a_distance_are_those_of_every_distance(
    sounds: dict[str, list[str]], wanted: str, farthest: float
) -> None:
    nearest = {word: min(distance(wanted, one) for one in of) for word, of in sounds.items()}
    assert SoundTree(sounds).within(wanted, farthest) == {
        word: far for word, far in nearest.items() if far <= farthest
    }


@given(SOUND, SOUND)
def test_a_distance_has_no_direction(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one)


def test_all_spellings_of_the_lexicon_are_at_no_distance_from_their_word() -> None:
    index = SoundIndex(LEXICON.words)
    for entry in LEXICON.words:
        for spelling in entry.spellings:
            if sound(spelling):
                assert (entry.word, 0.0) in index.alike([spelling], 0.15)
