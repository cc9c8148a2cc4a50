"""A voice that people were shown keeps its label and its speech in later clusterings. Pure.

Somebody may have claimed it, or claims it at this moment. A clustering of more audio may join two
voices, part one, or call them by each other's labels, and nobody is asked (docs/adr/0053).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from msgspec.structs import replace

from consumers.cluster.constraints import Labels, clusters_wanted, labels_now, merged, relabelled
from consumers.cluster.turns import bridge_pauses, join_turns
from schemas.ids import SpeakerLabel, label_order
from schemas.objects import Turn, Turns
from schemas.session_events import Constraint, ConstraintKind

Kept = frozenset[SpeakerLabel]
Together = set[SpeakerLabel]
"""The speakers who speak at the same time."""
Places = Mapping[SpeakerLabel, int]
"""How many voices each kept speaker is: more than one after merges."""


def kept_labels(former: Turns | None, hint: int | None, constraints: Sequence[Constraint]) -> Kept:
    """The labels of `former` that keep their speech; none when people said another number.

    Those that a new split or an undoing changes do not keep it: nobody else has claimed these (ADR
    27). Nor do those that people were shown as one voice with them. Turns of a former version do
    not say what they obey.
    """
    if former is None or former.constraints is None:
        return frozenset()
    if not _is_same_number(former, former.constraints, hint, constraints):
        return frozenset()
    shown_as = labels_now(former.constraints)
    changed = _changed(former, former.constraints, constraints)
    shown = {shown_as.get(label, label) for label in changed}
    labels = {voice.label for voice in former.voiceprints}
    return frozenset(label for label in labels if shown_as.get(label, label) not in shown)


def _is_same_number(
    former: Turns, obeyed: Sequence[Constraint], hint: int | None, constraints: Sequence[Constraint]
) -> bool:
    """Whether people want as many voices as before, or as many as they were shown."""
    if clusters_wanted(hint, constraints) == clusters_wanted(former.hint, obeyed):
        return True
    talking = {turn.speaker for turn in former.turns}
    return hint == len(talking) and tuple(obeyed) == tuple(constraints)


def _changed(
    former: Turns, obeyed: Sequence[Constraint], constraints: Sequence[Constraint]
) -> set[SpeakerLabel]:
    """The labels that a new split or an undoing is about."""
    found: set[SpeakerLabel] = set()
    new = [one for one in constraints if one not in obeyed and one.kind is ConstraintKind.SPLIT]
    undone = [one for one in obeyed if one not in constraints]
    for one in [*new, *undone]:
        found |= {one.speaker, one.other or one.speaker}
    asked = {one.correction for one in constraints}
    for voice in former.splits:
        if voice.correction not in asked:
            found |= _since(former, SpeakerLabel(f"S{voice.next_label}"))
    return found


def _since(former: Turns, first: SpeakerLabel) -> set[SpeakerLabel]:
    """The labels from `first` on: voices that came since a split, of which one is a half."""
    labels = {voice.label for voice in former.voiceprints}
    return {label for label in labels if label_order(label) >= label_order(first)}


def with_kept(
    found: Turns, former: Turns | None, kept: Kept, constraints: Sequence[Constraint]
) -> Turns:
    """`found` after the merges, where kept labels have all of the speech that `former` gives them.

    Where nobody speaks any more, nobody does. `found` has the voices that are kept
    (`identification.speakers`).
    """
    now = merged(found, constraints)
    if former is None or not kept:
        return now
    labels = labels_now(constraints)
    exclusive = _laid_over(found.exclusive, former.exclusive, kept, labels)
    turns = join_turns([*_laid_over(found.turns, former.turns, kept, labels), *exclusive])
    if (turns, exclusive) != (now.turns, now.exclusive):
        turns = bridge_pauses(turns)
        exclusive = bridge_pauses(exclusive)
    return _numbered(replace(found, turns=turns, exclusive=exclusive), former)


def _laid_over(
    found: Sequence[Turn], former: Sequence[Turn], kept: Kept, labels: Labels
) -> tuple[Turn, ...]:
    places = Counter(labels.get(label, label) for label in kept)
    parts: list[Turn] = []
    for start_ms, end_ms, before, voices in _steps(relabelled(former, labels), found):
        now = [labels.get(voice, voice) for voice in voices]
        speaking = _speaking(before, now, places)
        parts += [Turn(speaker=one, start_ms=start_ms, end_ms=end_ms) for one in speaking]
    return join_turns(parts)


def _speaking(before: Together, now: Sequence[SpeakerLabel], places: Places) -> Together:
    """Those who speak at one moment: a kept speaker who lacks takes the place of a new one.

    One who is several voices takes as many places: which of them spoke is not known any more. Else
    a voice of the new clustering that stands for one of these would be a speaker beside it.
    """
    if not now:
        return set()
    kept = before & places.keys()
    held = sum(one in kept for one in now)
    free = max(0, sum(places[one] for one in kept) - held)
    new = sorted(set(now) - before, key=label_order)
    return set(now) - set(new[:free]) | kept


def _steps(
    former: Sequence[Turn], found: Sequence[Turn]
) -> Iterator[tuple[int, int, Together, Together]]:
    """Start and end of each span in which nobody begins or ends, and who speaks in it in both."""
    begins: dict[int, list[tuple[int, Turn]]] = {}
    for which, turns in enumerate((former, found)):
        for turn in turns:
            begins.setdefault(turn.start_ms, []).append((which, turn))
            begins.setdefault(turn.end_ms, [])
    speaking: list[list[Turn]] = [[], []]
    for start_ms, end_ms in pairwise(sorted(begins)):
        speaking = [[turn for turn in one if turn.end_ms > start_ms] for one in speaking]
        for which, turn in begins[start_ms]:
            speaking[which].append(turn)
        before, now = ({turn.speaker for turn in one} for one in speaking)
        yield start_ms, end_ms, before, now


def _numbered(found: Turns, former: Turns) -> Turns:
    """The same without new voices that have no speech."""
    talking = {turn.speaker for turn in found.turns}
    known = {voice.label for voice in former.voiceprints}
    voiceprints = [one for one in found.voiceprints if one.label in talking | known]
    new = [one.label for one in voiceprints if one.label not in known]
    numbers = [int(label.removeprefix("S")) for label in new]
    return replace(
        found,
        voiceprints=tuple(voiceprints),
        next_label=max([former.next_label, *(number + 1 for number in numbers)]),
    )
