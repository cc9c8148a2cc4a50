"""Constraints from people: splits are applied before a clustering, merges after it. Pure."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from consumers.cluster.turns import join_turns
from schemas.ids import SpeakerLabel
from schemas.objects import SplitVoice, Turn, Turns, Voiceprint
from schemas.session_events import Constraint, ConstraintKind

Labels = dict[SpeakerLabel, SpeakerLabel]
"""The label of each merged speaker now."""


def splits_of(constraints: Sequence[Constraint], former: Turns | None) -> tuple[SplitVoice, ...]:
    """The voice of each split, as it was when the split was asked for, in order.

    `former` keeps those of the splits that it knew. The voices of new splits are taken from it.
    """
    if former is None:
        return ()
    kept = {voice.correction: voice for voice in former.splits}
    known = _voice_of_each(former)
    found: list[SplitVoice] = []
    for split in constraints:
        if split.kind is not ConstraintKind.SPLIT:
            continue
        if split.correction in kept:
            found.append(kept[split.correction])
        elif split.speaker in known:
            voice = known[split.speaker]
            found.append(_split_voice(voice, split.correction, former.next_label))
    return tuple(found)


def _voice_of_each(former: Turns) -> dict[SpeakerLabel, Voiceprint]:
    """The voice of each speaker: its own, or one that was merged into it where that one is gone."""
    shown_as = labels_now(former.constraints or ())
    voices = {shown_as.get(voice.label, voice.label): voice for voice in former.voiceprints}
    return voices | {voice.label: voice for voice in former.voiceprints}


def _split_voice(voice: Voiceprint, correction: int, next_label: int) -> SplitVoice:
    return SplitVoice(
        label=voice.label, centroid=voice.centroid, correction=correction, next_label=next_label
    )


def without_undone(former: Turns, constraints: Sequence[Constraint]) -> Turns:
    """The former turns, with the voices of splits that were undone as they were before these.

    The voice that is one again would otherwise be matched to the larger of its halves, and go on
    under that one's label.
    """
    asked = {constraint.correction for constraint in constraints}
    undone = [voice for voice in former.splits if voice.correction not in asked]
    # A voice that was split twice has the centroid of before its first split.
    whole = {voice.label: voice.centroid for voice in reversed(undone)}
    voiceprints: list[Voiceprint] = []
    for voice in former.voiceprints:
        centroid = whole.get(voice.label, voice.centroid)
        voiceprints.append(replace(voice, centroid=centroid))
    return replace(former, voiceprints=tuple(voiceprints))


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
        turns=relabelled(turns.turns, labels),
        exclusive=relabelled(turns.exclusive, labels),
    )


def labels_now(constraints: Sequence[Constraint]) -> Labels:
    """The label of each merged speaker after all merges."""
    labels: Labels = {}
    for constraint in constraints:
        if constraint.kind is ConstraintKind.MERGE and constraint.other is not None:
            labels.setdefault(constraint.other, constraint.other)
            labels = _merged_labels(labels, constraint.other, constraint.speaker)
    return labels


def _merged_labels(labels: Labels, source: SpeakerLabel, target: SpeakerLabel) -> Labels:
    """The labels after `source`, with all that were merged into it, became `target`."""
    return {label: target if now == source else now for label, now in labels.items()}


def relabelled(turns: Iterable[Turn], labels: Labels) -> tuple[Turn, ...]:
    """The turns under the labels that stay; those of one speaker that touch are one."""
    return join_turns(
        replace(turn, speaker=labels.get(turn.speaker, turn.speaker)) for turn in turns
    )
