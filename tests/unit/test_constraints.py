"""Merges and splits.

The label that stays, the match of the next clustering, the clusters that a hint
asks for.
"""

from hypothesis import given
from hypothesis import strategies as st

from consumers.cluster.constraints import clusters_wanted, merged, splits_of
from schemas.ids import SpeakerLabel
from schemas.objects import Turn, Turns, Voiceprint
from schemas.session_events import Constraint, ConstraintKind

LABELS = ("S1", "S2", "S3", "S4")
PRINTS = tuple(
    Voiceprint(label=SpeakerLabel(label), centroid=(float(n), 1.0))
    for n, label in enumerate(LABELS)
)


def merge(speaker: str, other: str) -> Constraint:
    return Constraint(
        kind=ConstraintKind.MERGE, speaker=SpeakerLabel(speaker), other=SpeakerLabel(other)
    )


def split(speaker: str) -> Constraint:
    return Constraint(kind=ConstraintKind.SPLIT, speaker=SpeakerLabel(speaker))


def said(*turns: tuple[str, int, int]) -> Turns:
    found = tuple(Turn(speaker=SpeakerLabel(label), start_ms=a, end_ms=b) for label, a, b in turns)
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


def test_a_split_remembers_the_voice_as_it_was() -> None:
    first = splits_of([split("S2")], said())
    assert first == (PRINTS[1],)
    prints = tuple(Voiceprint(label=SpeakerLabel(label), centroid=(9.0, 9.0)) for label in LABELS)
    moved = Turns(turns=(), exclusive=(), voiceprints=prints, next_label=6, splits=first)
    assert splits_of([split("S2"), merge("S1", "S3"), split("S4")], moved) == (
        PRINTS[1],
        Voiceprint(label=SpeakerLabel("S4"), centroid=(9.0, 9.0)),
    )


def test_a_head_count_counts_after_merges_and_splits() -> None:
    assert clusters_wanted(None, [merge("S1", "S2")]) is None
    assert clusters_wanted(3, [merge("S1", "S2")]) == 4
    assert clusters_wanted(3, [split("S1")]) == 2
    assert clusters_wanted(1, [split("S1")]) == 1
