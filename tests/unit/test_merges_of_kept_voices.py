"""People said that two voices are one. The same clustering again changes nothing but the labels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.cluster.constraints import labels_now, relabelled
from consumers.cluster.turns import BREATH_MS
from consumers.voices.clustering import Clustered
from schemas.ids import SpeakerLabel
from schemas.objects import Turns
from schemas.session_events import Constraint
from tests.clustered_talk import Talk, clustered, order
from tests.unit.test_constraints import merge
from tests.unit.test_kept_voices import at_pace, two_clusterings

SOUNDS_LIKE_NOBODY = "c"
MOST_MERGES = 2


def talking(turns: Turns) -> set[SpeakerLabel]:
    return {turn.speaker for turn in turns.turns}


def test_a_merge_of_two_who_talk_at_once_adds_no_speaker() -> None:
    """The new clustering has one of them as another voice. Before, that one was a speaker too."""
    talk = Talk()
    talk.generation(clustered("ab", heard=["b", None]))
    other = clustered(["a", SOUNDS_LIKE_NOBODY], heard=[SOUNDS_LIKE_NOBODY, None])
    assert talking(talk.generation(other)) == {"S1", "S2"}
    for _ in range(2):
        now = talk.generation(other, constraints=[merge("S1", "S2")])
        assert talking(now) == {"S1"}
        assert order(now) == "S1 S1"


def test_who_talks_beside_a_merged_voice_in_new_speech_is_a_speaker() -> None:
    talk = Talk()
    talk.generation(clustered("ab"))
    more = clustered("aba", heard=[None, None, "c"])
    now = talk.generation(more, constraints=[merge("S1", "S2")])
    assert talking(now) == {"S1", "S3"}


def merges_of(data: st.DataObject, turns: Turns) -> list[Constraint]:
    """Some merges of those who talk."""
    left = sorted(talking(turns))
    merges: list[Constraint] = []
    while len(left) > 1 and len(merges) < MOST_MERGES:
        target, source = data.draw(st.permutations(left))[:2]
        merges.append(merge(target, source))
        left.remove(source)
    return merges


@pytest.mark.parametrize("slot_ms", [300, 1_000])
@given(both=two_clusterings(), data=st.data())
def test_the_same_clustering_again_is_the_same_under_the_labels_that_stay(
    slot_ms: int, both: tuple[Clustered, Clustered], data: st.DataObject
) -> None:
    """Pauses of 300 ms are bridged: between two voices that are one now, too."""
    first, second = (at_pace(one, slot_ms) for one in both)
    talk = Talk()
    talk.generation(first)
    apart = talk.generation(second)
    merges = merges_of(data, apart)
    labels = labels_now(merges)
    now = talk.generation(second, constraints=merges)
    assert talking(now) == {labels.get(one, one) for one in talking(apart)}
    if slot_ms > BREATH_MS:
        assert now.turns == relabelled(apart.turns, labels)
        assert now.exclusive == relabelled(apart.exclusive, labels)
    again = talk.generation(second, constraints=merges)
    assert (again.turns, again.exclusive) == (now.turns, now.exclusive)
