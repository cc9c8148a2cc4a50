"""The tree of voices: who is how many people, with and without a hint."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.cluster.possible_hints import LEAST, OFFERED, possible_hints
from consumers.voices.agglomerative import Agglomerative
from consumers.voices.diarization import Voices
from consumers.voices.embeddings import Array
from consumers.voices.frames import SEGMENTATION_3
from consumers.voices.session_clustering import SessionClustering
from consumers.voices.utterances import Utterances
from consumers.voices.voice_tree import VoiceTree, tree_of
from tests.fakes import FRAMES, GRID

DIMENSION = 64


def voice(number: int, like: float, seed: int) -> Array:
    """An embedding of a person, whose cosine to all others of that person is about `like`."""
    own = np.random.default_rng(1000 + number).normal(size=DIMENSION)
    other = np.random.default_rng(seed).normal(size=DIMENSION)
    own = own / np.linalg.norm(own)
    other = other / np.linalg.norm(other)
    found: Array = np.sqrt(like) * own + np.sqrt(1 - like) * other
    return found


def tree(*said: tuple[int, float], like: float = 0.7) -> VoiceTree:
    """Of (person, seconds) each."""
    embeddings = [voice(person, like, n) for n, (person, _) in enumerate(said)]
    return VoiceTree(np.array(embeddings), np.array([seconds for _, seconds in said]))


def test_everybody_with_two_seconds_of_speech_is_a_voice() -> None:
    talk = tree(*[(person, 0.9) for person in (0, 1, 2, 3) for _ in range(4)])
    assert talk.voices().tolist() == sorted(talk.voices().tolist())
    assert len(set(talk.voices())) == 4


def test_one_short_word_is_no_voice_until_people_say_so() -> None:
    talk = tree((0, 5.0), (0, 5.0), (1, 5.0), (1, 5.0), (2, 0.8))
    assert len(set(talk.voices())) == 2
    three = talk.voices_of(3).tolist()
    assert len(set(three)) == 3
    assert three.count(three[-1]) == 1


def test_no_hint_makes_one_person_into_many() -> None:
    talk = tree(*[(0, 2.0)] * 6, like=0.8)
    assert set(talk.voices_of(4)) == {0}
    assert set(talk.voices_of(1)) == {0}


def test_a_hint_keeps_those_who_speak_most() -> None:
    talk = tree((0, 2.0), (0, 2.0), (1, 2.5), (2, 2.0), (2, 2.0))
    two = talk.voices_of(2).tolist()
    assert two[0] == two[1] != two[3] == two[4]
    assert set(two) == {0, 1}


def alike(apart: tuple[tuple[int, int], ...]) -> VoiceTree:
    """Ten embeddings each of two people whose voices are nearer than our threshold."""
    line = voice(9, 1.0, 0)
    own = [voice(person, 1.0, 0) for person in (0, 1)]
    said = [np.sqrt(0.5) * line + np.sqrt(0.5) * own[n // 10] for n in range(20)]
    return VoiceTree(np.array(said), np.full(20, 3.0), apart)


def test_voices_that_are_alike_are_told_apart_where_most_chunks_say_so() -> None:
    assert len(set(alike(()).voices())) == 1
    talk = alike(((0, 10), (1, 11), (2, 12)))
    assert talk.voices().tolist() == [0] * 10 + [1] * 10
    assert max(talk.possible().items(), key=lambda one: one[1])[0] == 2


def test_one_chunk_in_four_does_not_part_a_voice() -> None:
    voices = alike(((0, 1), (0, 10), (1, 11), (2, 12))).voices()
    assert len(set(voices[:10])) == len(set(voices[10:])) == 1
    assert voices[0] != voices[10]


def test_two_who_speak_in_one_chunk_are_two_people() -> None:
    near = np.array([[1.0, 0.0], [0.8, 0.6]])
    assert set(VoiceTree(near, np.full(2, 3.0)).voices()) == {0}
    assert set(VoiceTree(near, np.full(2, 3.0), ((0, 1),)).voices()) == {0, 1}


def test_a_tree_has_local_speakers_who_are_alone_and_utterances() -> None:
    activity = np.zeros((2, 100, 3), np.float32)
    activity[0, :30, 0] = 1  # alone for three seconds
    activity[0, 20:25, 1] = 1  # never alone
    activity[1, :20, 0] = 1
    activity[1, 50:70, 1] = 1
    embeddings = np.ones((2, 3, 4), np.float32)
    spans = np.array([[0, 1_500], [2_000, 2_400], [3_000, 4_000]])
    utterances = Utterances(spans, np.ones((3, 4), np.float32), np.zeros((3, 2), np.float32))
    found = tree_of(Voices(activity, embeddings, utterances))
    assert found.seconds.tolist() == pytest.approx([2.5, 2.0, 2.0, 1.5, 1.0])
    assert found.apart == ((1, 2),)


def test_the_tree_of_a_talk_is_made_once() -> None:
    """Before, how many people there may be was asked of a tree of its own."""
    made: list[Voices] = []

    def noted(voices: Voices) -> VoiceTree:
        made.append(voices)
        return tree_of(voices)

    clustering = SessionClustering(GRID, SEGMENTATION_3, Agglomerative(), 100, noted)
    embeddings = np.array([voice(n % 2, 0.7, n) for n in range(6)], np.float32)
    spans = np.array([[n * 2_000, n * 2_000 + 1_500] for n in range(6)])
    activity = np.zeros((1, FRAMES, 3), np.float32)
    activity[0, :30, 0] = 1
    utterances = Utterances(spans, embeddings, np.zeros((6, 2), np.float32))
    heard = Voices(activity, embeddings[:3][None], utterances)
    for talk in (heard, replace(heard)):
        clustering.cluster(talk)
        assert clustering.possible_speakers(talk) == tree_of(talk).possible()
    assert len(made) == 2


@given(st.lists(st.tuples(st.integers(0, 4), st.floats(0.1, 5)), min_size=1, max_size=12))
def test_whoever_speaks(said: list[tuple[int, float]]) -> None:
    talk = tree(*said)
    possible = talk.possible()
    assert sum(possible.values()) == pytest.approx(1)
    for number in (None, 1, 2, 5):
        labels = talk.voices_of(number) if number else talk.voices()
        assert sorted(set(labels.tolist())) == list(range(labels.max() + 1))
        assert np.isfinite(talk.centroids(labels)).all()
        assert labels.max() < len(said)
    for hint in possible_hints(possible):
        assert possible[hint.speakers] >= LEAST


def test_only_what_is_unclear_is_asked() -> None:
    assert possible_hints({}) == ()
    assert possible_hints({3: 1.0}) == ()
    assert possible_hints({3: 0.9, 4: 0.1}) == ()
    asked = possible_hints({3: 0.3, 4: 0.45, 5: 0.2, 6: 0.05})
    assert [hint.speakers for hint in asked] == [4, 3, 5]
    assert len(asked) <= OFFERED
