"""Merges and splits.

The label that stays, the match of the next clustering, the clusters that a hint
asks for.
"""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from consumers.cluster.constraints import clusters_wanted, merged, splits_of, without_undone
from schemas.ids import SpeakerLabel
from schemas.objects import SplitVoice, Turns, Voiceprint
from schemas.session_events import Constraint, ConstraintKind
from tests.talk import Span, turns_of

LABELS = ("S1", "S2", "S3", "S4")
PRINTS = tuple(
    Voiceprint(label=SpeakerLabel(label), centroid=(float(n), 1.0))
    for n, label in enumerate(LABELS)
)


def merge(speaker: str, other: str) -> Constraint:
    return Constraint(
        kind=ConstraintKind.MERGE, speaker=SpeakerLabel(speaker), other=SpeakerLabel(other)
    )


def split(speaker: str, correction: int = 0) -> Constraint:
    kind = ConstraintKind.SPLIT
    return Constraint(kind=kind, speaker=SpeakerLabel(speaker), correction=correction)


def said(*turns: Span) -> Turns:
    found = turns_of(*turns)
    return Turns(turns=found, exclusive=found, voiceprints=PRINTS, next_label=5)


def test_the_targets_label_stays_and_touching_turns_are_one() -> None:
    found = merged(said(("S1", 0, 100), ("S2", 50, 200), ("S3", 150, 300)), [merge("S2", "S1")])
    assert found.turns == said(("S2", 0, 200), ("S3", 150, 300)).turns
    assert found.voiceprints == PRINTS


SPANS = st.lists(
    st.tuples(st.sampled_from(LABELS), st.integers(0, 50), st.integers(1, 20)), max_size=12
)
PAIRS = st.lists(
    st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)).filter(
        lambda pair: pair[0] != pair[1]
    ),
    max_size=4,
)


@given(SPANS, PAIRS)
def test_a_merge_moves_speech_and_loses_none(
    spans: list[tuple[str, int, int]], pairs: list[tuple[str, str]]
) -> None:
    before = said(*((label, start, start + length) for label, start, length in spans))
    after = merged(before, [merge(*pair) for pair in pairs])
    now = {label: label for label in LABELS}
    for target, source in pairs:
        now = {label: target if at == source else at for label, at in now.items()}

    def heard(turns: Turns, name: dict[str, str]) -> set[tuple[str, int]]:
        return {(name[t.speaker], ms) for t in turns.turns for ms in range(t.start_ms, t.end_ms)}

    assert heard(after, {label: label for label in LABELS}) == heard(before, now)


def kept(
    label: str, centroid: tuple[float, ...], correction: int, next_label: int = 5
) -> SplitVoice:
    return SplitVoice(
        label=SpeakerLabel(label), centroid=centroid, correction=correction, next_label=next_label
    )


def halves(*splits: SplitVoice) -> Turns:
    """The generation after splits: no voice is as it was."""
    prints = tuple(Voiceprint(label=SpeakerLabel(label), centroid=(9.0, 9.0)) for label in LABELS)
    return Turns(turns=(), exclusive=(), voiceprints=prints, next_label=6, splits=splits)


def test_a_split_remembers_the_voice_as_it_was() -> None:
    first = splits_of([split("S2", 1)], said())
    assert first == (kept("S2", PRINTS[1].centroid, 1),)
    asked = [split("S2", 1), merge("S1", "S3"), split("S4", 3)]
    assert splits_of(asked, halves(*first)) == (*first, kept("S4", (9.0, 9.0), 3, 6))


def test_a_new_split_does_not_take_the_place_of_an_undone_one() -> None:
    first = splits_of([split("S2", 1)], said())
    assert splits_of([split("S4", 2)], halves(*first)) == (kept("S4", (9.0, 9.0), 2, 6),)


def test_a_speaker_of_whom_a_merged_voice_alone_is_left_is_split() -> None:
    """Fewer people were said: no cluster has its label, and the split had no effect, for ever."""
    merges = (merge("S1", "S2"),)
    gone = replace(said(), voiceprints=PRINTS[1:], constraints=merges)
    assert splits_of([*merges, split("S1", 1)], gone) == (kept("S2", PRINTS[1].centroid, 1),)


def test_the_voice_of_an_undone_split_is_matched_as_it_was_before() -> None:
    first = splits_of([split("S2", 1)], said())
    prints = {one.label: one.centroid for one in without_undone(halves(*first), []).voiceprints}
    assert prints == {
        "S1": (9.0, 9.0),
        "S2": PRINTS[1].centroid,
        "S3": (9.0, 9.0),
        "S4": (9.0, 9.0),
    }
    assert without_undone(halves(*first), [split("S2", 1)]) == halves(*first)


def test_a_head_count_counts_after_merges_and_splits() -> None:
    assert clusters_wanted(None, [merge("S1", "S2")]) is None
    assert clusters_wanted(3, [merge("S1", "S2")]) == 4
    assert clusters_wanted(3, [split("S1")]) == 2
    assert clusters_wanted(1, [split("S1")]) == 1
