"""What people said about the voices, put on a clustering: splits before it, merges after it. Pure."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from consumers.cluster.turns import joined_up
from schemas.ids import SpeakerLabel
from schemas.objects import Turn, Turns, Voiceprint
from schemas.session_events import Constraint, ConstraintKind


def splits_of(constraints: Sequence[Constraint], former: Turns | None) -> tuple[Voiceprint, ...]:
    """The voice of each split as it was when the split was asked for: the n-th constraint's is the n-th ever kept."""
    if former is None:
        return ()
    labels = [c.speaker for c in constraints if c.kind is ConstraintKind.SPLIT]
    known = {voice.label: voice for voice in former.voiceprints}
    new = [known[label] for label in labels[len(former.splits) :] if label in known]
    return (*former.splits, *new)


def clusters_wanted(hint: int | None, constraints: Sequence[Constraint]) -> int | None:
    """How many clusters give `hint` speakers: a head-count counts after merges and splits."""
    if hint is None:
        return None
    merges = sum(c.kind is ConstraintKind.MERGE for c in constraints)
    return max(1, hint + merges - (len(constraints) - merges))


def merged(turns: Turns, constraints: Sequence[Constraint]) -> Turns:
    """Turns under the labels that stay; voiceprints keep all, so that the next clustering is matched to who was heard."""
    label: dict[SpeakerLabel, SpeakerLabel] = {}
    for constraint in constraints:
        if constraint.kind is ConstraintKind.MERGE and constraint.other is not None:
            label = {
                voice: constraint.speaker if now == constraint.other else now
                for voice, now in label.items()
            }
            label.setdefault(constraint.other, constraint.speaker)
    if not label:
        return turns
    return replace(
        turns, turns=_relabelled(turns.turns, label), exclusive=_relabelled(turns.exclusive, label)
    )


def _relabelled(turns: Iterable[Turn], label: dict[SpeakerLabel, SpeakerLabel]) -> tuple[Turn, ...]:
    return joined_up(replace(turn, speaker=label.get(turn.speaker, turn.speaker)) for turn in turns)
