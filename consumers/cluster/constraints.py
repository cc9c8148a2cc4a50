"""Constraints from people: splits are applied before a clustering, merges after it. Pure."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from consumers.cluster.turns import join_turns
from schemas.ids import SpeakerLabel
from schemas.objects import Turn, Turns, Voiceprint
from schemas.session_events import Constraint, ConstraintKind

Labels = dict[SpeakerLabel, SpeakerLabel]
"""The label of each merged speaker now."""


def splits_of(constraints: Sequence[Constraint], former: Turns | None) -> tuple[Voiceprint, ...]:
    """The voiceprint of each split, as it was when the split was asked for.

    `former` keeps one for each split that it knew, in the order of the constraints. The voiceprints
    of new splits are taken from `former`.
    """
    if former is None:
        return ()
    labels = [c.speaker for c in constraints if c.kind is ConstraintKind.SPLIT]
    known = {voice.label: voice for voice in former.voiceprints}
    new = [known[label] for label in labels[len(former.splits) :] if label in known]
    return (*former.splits, *new)


def clusters_wanted(hint: int | None, constraints: Sequence[Constraint]) -> int | None:
    """How many clusters give `hint` speakers; None without a hint.

    A hint counts people after merges and splits: a merge takes one label away, a split adds one.
    """
    if hint is None:
        return None
    merges = sum(constraint.kind is ConstraintKind.MERGE for constraint in constraints)
    splits = len(constraints) - merges
    return max(1, hint + merges - splits)


def merged(turns: Turns, constraints: Sequence[Constraint]) -> Turns:
    """Turns under the labels that stay after all merges.

    Voiceprints keep all labels, so that the next clustering is matched to the voices themselves.
    """
    labels = labels_now(constraints)
    if not labels:
        return turns
    return replace(
        turns,
        turns=_relabelled(turns.turns, labels),
        exclusive=_relabelled(turns.exclusive, labels),
    )


def labels_now(constraints: Sequence[Constraint]) -> Labels:
    """The label of each merged speaker after all merges."""
    labels: Labels = {}
    for constraint in constraints:
        if constraint.kind is ConstraintKind.MERGE and constraint.other is not None:
            source = constraint.other
            for label, now in labels.items():
                if now == source:
                    labels[label] = constraint.speaker
            labels.setdefault(source, constraint.speaker)
    return labels


def _relabelled(turns: Iterable[Turn], labels: Labels) -> tuple[Turn, ...]:
    return join_turns(
        replace(turn, speaker=labels.get(turn.speaker, turn.speaker)) for turn in turns
    )
