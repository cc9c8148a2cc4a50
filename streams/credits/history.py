"""Pure: the latest changes of claims, and their undoing by those whom they concern."""

from collections.abc import Sequence
from typing import TypeVar

from msgspec.structs import replace

from schemas.claim_events import UndoRequested
from schemas.ids import NOBODY, SpeakerLabel, UserId
from streams.credits.state import Change, Claim, Joined, Ledger, Tag

Held = TypeVar("Held")

MOST_CHANGES = 20
"""Changes of one session that can be undone. The warehouse shows older ones."""


def noted(before: Ledger, after: Ledger, speaker: SpeakerLabel, by: UserId, made_ms: int) -> Ledger:
    """Returns the ledger after a change of a speaker's claim or tag, with the change in it."""
    change = Change(
        number=after.version,
        speaker=speaker,
        by=by,
        made_ms=made_ms,
        claim=before.claims.get(speaker),
        tag=before.tags.get(speaker),
    )
    changes = [*after.history, change]
    if len(changes) > MOST_CHANGES:
        changes.remove(_least_needed(changes))
    return replace(after, history=tuple(changes))


def _least_needed(changes: Sequence[Change]) -> Change:
    """The oldest that follows one of the same person on the same voice; else the oldest of all.

    The one before undoes it too. Many changes by one person must not make their first one final.
    """
    latest: dict[SpeakerLabel, Change] = {}
    for change in changes:
        before = latest.get(change.speaker)
        if before is not None and before.by == change.by:
            return change
        latest[change.speaker] = change
    return changes[0]


def refusal(ledger: Ledger, event: UndoRequested) -> str | None:
    """Returns the reason against undoing a change.

    Later changes of the same voice by the same person are undone with it: somebody who releases a
    claim and takes the voice must not keep it by that.
    """
    change = _named(ledger, event)
    if change is None:
        return "no_such_change"
    of_speaker = [one for one in ledger.history if one.speaker == event.speaker]
    later = [one for one in of_speaker if one.number > event.change]
    if any(one.by != change.by for one in later):
        return "changed_since"
    if event.by not in _concerned(ledger, change):
        return "not_yours"
    return None


def undone(ledger: Ledger, event: UndoRequested) -> Ledger:
    """Returns the ledger with the claim or tag as it was before the change.

    A user other than the caller is asked again: nobody gets a voice back whom nobody asked. The
    claim is of now: of two voices that are merged meanwhile, the one that was claimed first stands.
    """
    change = _named(ledger, event)
    assert change is not None
    claims = others(ledger.claims, event.speaker)
    tags = others(ledger.tags, event.speaker)
    claim = change.claim
    if claim is None:
        if change.tag is not None:
            tags[event.speaker] = change.tag
    elif claim.user_id is None or claim.user_id == event.by:
        again = replace(claim, made_ms=event.occurred_at_ms)
        claims[event.speaker] = again
        ledger = replace(ledger, joined=_moved_again(ledger.joined, event.speaker, claim, again))
    else:
        tags[event.speaker] = Tag(by=event.by, user_id=claim.user_id, made_ms=event.occurred_at_ms)
    return replace(ledger, claims=claims, tags=tags, changes=ledger.changes + 1)


def _moved_again(
    joined: tuple[Joined, ...], into: SpeakerLabel, claim: Claim, again: Claim
) -> tuple[Joined, ...]:
    """The merged voices. One whose claim moved to that speaker remembers the claim of now."""
    found: list[Joined] = []
    for voice in joined:
        has_moved = voice.is_moved and voice.into == into and voice.claim == claim
        found.append(replace(voice, claim=again) if has_moved else voice)
    return tuple(found)


def changed_ms(ledger: Ledger, speaker: SpeakerLabel) -> int:
    """When people last changed a speaker's claim or tag, Unix; 0 when nobody is known to have.

    A generation changes them as well: that says nothing of what people wanted since.
    """
    made = [one for one in ledger.history if one.speaker == speaker and one.by != NOBODY]
    return max((one.made_ms for one in made), default=0)


def claim_and_tag(ledger: Ledger, speaker: SpeakerLabel) -> tuple[Claim | None, Tag | None]:
    """The claim and the tag that a speaker has now."""
    return ledger.claims.get(speaker), ledger.tags.get(speaker)


def claim_and_tag_after(
    ledger: Ledger, speaker: SpeakerLabel, number: int
) -> tuple[Claim | None, Tag | None]:
    """The claim and the tag that a speaker had after the change of this number."""
    for change in ledger.history:
        if change.speaker == speaker and change.number > number:
            return change.claim, change.tag  # a change remembers what was there before it
    return claim_and_tag(ledger, speaker)


def _named(ledger: Ledger, event: UndoRequested) -> Change | None:
    for change in ledger.history:
        if change.speaker == event.speaker and change.number == event.change:
            return change
    return None


def _concerned(ledger: Ledger, change: Change) -> set[UserId]:
    """The people who may undo a change: its maker, holders that it took or gave, the owner."""
    claim, tag = claim_and_tag_after(ledger, change.speaker, change.number)
    concerned = _people(change) | _people_of(claim, tag)
    if ledger.sealed is not None:
        concerned.add(ledger.sealed.owner)
    return concerned - {NOBODY}


def _people(change: Change) -> set[UserId]:
    return {change.by} | _people_of(change.claim, change.tag)


def _people_of(claim: Claim | None, tag: Tag | None) -> set[UserId]:
    people: set[UserId] = set()
    if claim is not None:
        people.add(claim.by)
    if claim is not None and claim.user_id is not None:
        people.add(claim.user_id)
    if tag is not None:
        people.add(tag.by)
        people.add(tag.user_id)
    return people


def others(by_label: dict[SpeakerLabel, Held], label: SpeakerLabel) -> dict[SpeakerLabel, Held]:
    """Returns a copy without one speaker."""
    rest = dict(by_label)
    rest.pop(label, None)
    return rest
