"""A voice that people were shown stays: its label and its speech, whatever is clustered again."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from adapters.objects.store import put_by_digest
from consumers.cluster.kept_voices import kept_labels
from consumers.voices.clustering import Clustered, ClusterTurn
from consumers.voices.utterances import Utterances
from schemas.codec import encode
from schemas.object_kinds import TURNS
from schemas.objects import Turn
from tests.clustered_talk import (
    ANN,
    BEN,
    SESSION,
    SLOT_MS,
    SOUNDS,
    Said,
    Talk,
    clustered,
    order,
)
from tests.unit.test_constraints import merge, split

STEP_MS = 100


def at_pace(one: Clustered, slot_ms: int) -> Clustered:
    """The same with slots of another length."""

    def moved(turns: Sequence[ClusterTurn]) -> tuple[ClusterTurn, ...]:
        scale = slot_ms / SLOT_MS
        return tuple(
            ClusterTurn(int(start * scale), int(end * scale), cluster)
            for start, end, cluster in turns
        )

    return Clustered(moved(one.turns), moved(one.exclusive), one.centroids)


def test_two_voices_that_a_late_chunk_joins_stay_apart() -> None:
    """Both were claimed, perhaps: a merge would have needed both people."""
    talk = Talk()
    assert order(talk.generation(clustered("aaabb"))) == "S1 S1 S1 S2 S2"
    assert order(talk.generation(clustered("aaaaaa"))) == "S1 S1 S1 S2 S2 S1"


def test_a_voice_that_a_late_chunk_parts_keeps_all_of_its_speech() -> None:
    talk = Talk()
    talk.generation(clustered("aaaa"))
    alike = SOUNDS | {"b": (0.8, 0.6, 0.0)}
    assert order(talk.generation(clustered("aabbb", alike))) == "S1 S1 S1 S1 S2"


def test_a_label_does_not_go_to_other_speech() -> None:
    """The two voices changed places."""
    talk = Talk()
    talk.generation(clustered("aab"))
    changed = {"a": BEN, "b": ANN}
    assert order(talk.generation(clustered("aabb", changed))).startswith("S1 S1 S2")


def test_new_speech_of_a_swallowed_voice_is_told_by_its_utterances() -> None:
    talk = Talk()
    talk.generation(clustered("aabb"))
    spans = np.array([(slot * SLOT_MS, (slot + 1) * SLOT_MS) for slot in range(6)])
    sounds = np.array([ANN, ANN, BEN, BEN, BEN, ANN], np.float32)
    said = Utterances(spans, sounds, np.full((6, 2), -20, np.float32))
    both = SOUNDS | {"a": (0.7, 0.7, 0.0)}
    assert order(talk.generation(clustered("aaaaaa", both), utterances=said)) == (
        "S1 S1 S2 S2 S2 S1"
    )


def test_another_number_of_people_is_obeyed() -> None:
    """Nobody else has claimed a voice then (ADR 27)."""
    talk = Talk()
    talk.generation(clustered("aabb"))
    assert order(talk.generation(clustered("aaaa"), hint=1)) == "S1 S1 S1 S1"
    assert order(talk.generation(clustered("aabb"))) == "S1 S1 S3 S3"


def test_the_number_that_people_were_shown_changes_no_voice() -> None:
    """It is taken from everybody: here the clustering alone would find one voice less."""
    talk = Talk()
    talk.generation(clustered("aabb"))
    talk.generation(clustered("aaaacc"))
    assert order(talk.generation(clustered("aabccc"), hint=3)) == "S1 S1 S2 S2 S3 S3"
    assert order(talk.generation(clustered("aaaccc"), hint=3)) == "S1 S1 S2 S2 S3 S3"


def test_a_split_parts_its_voice_and_no_other() -> None:
    talk = Talk()
    talk.generation(clustered("aabb"))
    asked = [split("S1", 1)]
    parted = SOUNDS | {"c": (0.8, 0.0, 0.6)}
    assert order(talk.generation(clustered("acaa", parted), constraints=asked)) == "S1 S3 S2 S2"
    assert order(talk.generation(clustered("aaaa"), constraints=asked)) == "S1 S3 S2 S2"
    assert order(talk.generation(clustered("aaaa"))) == "S1 S1 S2 S2"


def test_an_undone_merge_gives_both_voices_back_and_changes_no_other() -> None:
    talk = Talk()
    talk.generation(clustered("aabbcc"))
    asked = [merge("S1", "S2")]
    assert order(talk.generation(clustered("aabbcc"), constraints=asked)) == "S1 S1 S1 S1 S3 S3"
    assert order(talk.generation(clustered("aabbaa"), constraints=asked)) == "S1 S1 S1 S1 S3 S3"
    assert order(talk.generation(clustered("aabbaa"))) == "S1 S1 S2 S2 S3 S3"


def test_of_two_merges_into_one_voice_one_is_undone() -> None:
    """The voice of the other merge is shown as that voice too, and kept all of its speech."""
    talk = Talk()
    talk.generation(clustered("aabbcc"))
    both = [merge("S1", "S2"), merge("S1", "S3")]
    assert order(talk.generation(clustered("aabbcc"), constraints=both)) == "S1 S1 S1 S1 S1 S1"
    one = both[:1]
    assert order(talk.generation(clustered("aabbcc"), constraints=one)) == "S1 S1 S1 S1 S3 S3"


def test_a_voice_into_which_another_was_merged_is_split_and_whole_again() -> None:
    talk = Talk()
    talk.generation(clustered("aabb"))
    one = merge("S1", "S2")
    talk.generation(clustered("aabb"), constraints=[one])
    both = [one, split("S1", 2)]
    parted = SOUNDS | {"c": (0.8, 0.0, 0.6)}
    assert order(talk.generation(clustered("acbb", parted), constraints=both)) == "S1 S3 S1 S1"
    assert order(talk.generation(clustered("aabb"), constraints=both)) == "S1 S3 S1 S1"
    assert order(talk.generation(clustered("aabb"), constraints=[one])) == "S1 S1 S1 S1"


def test_a_merged_voice_is_a_speaker_also_where_the_cluster_of_its_label_is_gone() -> None:
    """A hint of fewer people: speech stays under S1, which had no summary, so its claim went."""
    talk = Talk()
    talk.generation(clustered("aabbcc"))
    one = [merge("S1", "S2")]
    turns = talk.generation(clustered("bbbbcc"), hint=2, constraints=one)
    assert order(turns) == "S1 S1 S1 S1 S3 S3"


def test_a_voice_whose_audio_is_lost_for_a_while_has_its_label_again() -> None:
    talk = Talk()
    talk.generation(clustered("aab"))
    lost = talk.generation(clustered("aa"))
    assert order(lost) == "S1 S1"
    assert order(talk.generation(clustered("aab"))) == "S1 S1 S2"


def test_turns_of_a_former_version_are_only_matched() -> None:
    """They do not say what they obey: an undoing would be kept from its effect."""
    talk = Talk()
    first = talk.generation(clustered("aabb"))
    old = encode(replace(first, constraints=None))
    talk.former = put_by_digest(talk.blobs, TURNS, old, session_id=SESSION, generation=1)
    assert order(talk.generation(clustered("aaaa"))) == "S1 S1 S1 S1"
    assert kept_labels(None, None, ()) == frozenset()


NAMES = "abcd"
SPOKEN = st.sampled_from(NAMES)
PERHAPS = st.none() | SPOKEN
DIRECTIONS = st.tuples(*[st.integers(-2, 2)] * 3).filter(any)
SOUND_OF_ALL = st.fixed_dictionaries(dict.fromkeys(NAMES, DIRECTIONS))


@st.composite
def two_clusterings(draw: st.DrawFn) -> tuple[Clustered, Clustered]:
    """Of some audio, and of the same audio with more: any voices may be joined, parted, renamed."""
    first = draw(st.lists(PERHAPS, min_size=1, max_size=10))
    again = [draw(PERHAPS) if name is None else draw(SPOKEN) for name in first]
    more = draw(st.lists(PERHAPS, max_size=4))
    return talk_of(draw, first), talk_of(draw, [*again, *more])


def talk_of(draw: st.DrawFn, said: Said) -> Clustered:
    """Others may speak where somebody speaks."""
    heard = [draw(PERHAPS) if name else None for name in said]
    return clustered(said, draw(SOUND_OF_ALL), heard)


def shown(turns: Sequence[Turn], found: Sequence[ClusterTurn]) -> set[tuple[str, int]]:
    """The speakers of each moment at which somebody speaks in `found`."""
    spoken = {ms for turn in found for ms in range(turn.start_ms, turn.end_ms, STEP_MS)}
    every = ((one.speaker, ms) for one in turns for ms in range(one.start_ms, one.end_ms, STEP_MS))
    return {(speaker, ms) for speaker, ms in every if ms in spoken}


@pytest.mark.parametrize("slot_ms", [300, 1_000])
@given(both=two_clusterings())
def test_every_voice_keeps_its_label_and_its_speech(
    slot_ms: int, both: tuple[Clustered, Clustered]
) -> None:
    """Pauses of 300 ms are bridged."""
    first, second = (at_pace(one, slot_ms) for one in both)
    talk = Talk()
    former = talk.generation(first)
    now = talk.generation(second)
    assert shown(former.exclusive, second.exclusive) <= shown(now.exclusive, second.exclusive)
    assert shown(former.turns, second.turns) <= shown(now.turns, second.turns)
    alone = [ms for _, ms in shown(now.exclusive, second.exclusive)]
    assert len(alone) == len(set(alone)) == len(second.exclusive) * slot_ms // STEP_MS
    new = {turn.speaker for turn in now.turns} - {turn.speaker for turn in former.turns}
    assert all(former.next_label <= int(label[1:]) < now.next_label for label in new)
    again = talk.generation(second)
    assert (again.turns, again.exclusive) == (now.turns, now.exclusive)
