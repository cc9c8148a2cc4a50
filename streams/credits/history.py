"""Pure: the latest changes of claims, and their undoing by those whom they concern."""

from typing import TypeVar

from msgspec.structs import replace

from schemas.claim_events import UndoRequested
from schemas.ids import NOBODY, SpeakerLabel, UserId
from streams.credits.state import Change, Claim, Ledger, Tag

Held = TypeVar("Held")

MOST_CHANGES = 20
"""Changes of one session that can be undone. The warehouse shows older ones."""


def noted(before: Ledger, after: Ledger, speaker: SpeakerLabel, by: UserId) -> Ledger:
    """Returns the ledger after a change of a speaker's claim or tag, with the change in it."""
    change = Change(
        number=after.version,
        speaker=speaker,
        by=by,
        claim=before.claims.get(speaker),
        tag=before.tags.get(speaker),
    )
    return replace(after, history=(*after.history, change)[-MOST_CHANGES:])


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
    return None if event.by in _concerned(ledger, change, later) else "not_yours"


def undone(ledger: Ledger, event: UndoRequested) -> Ledger:
    """Returns the ledger with the claim or tag as it was before the change.

    A user other than the caller is asked again: nobody gets a voice back whom nobody asked.
    """
    change = _named(ledger, event)
    assert change is not None
    claims = others(ledger.claims, event.speaker)
    tags = others(ledger.tags, event.speaker)
    claim = change.claim
    if claim is not None and claim.user_id in (None, event.by):
        claims[event.speaker] = claim
    elif claim is not None and claim.user_id is not None:
        tags[event.speaker] = Tag(by=event.by, user_id=claim.user_id)
    elif change.tag is not None:
        tags[event.speaker] = change.tag
    return replace(ledger, claims=claims, tags=tags, changes=ledger.changes + 1)


def without(ledger: Ledger, user: UserId) -> Ledger:
    """Returns the ledger without the changes and merged voices that name a user, who leaves."""
    history = [change for change in ledger.history if user not in _people(change)]
    joined = [one for one in ledger.joined if user not in _of(one.claim, one.tag)]
    return replace(ledger, history=tuple(history), joined=tuple(joined))


def _named(ledger: Ledger, event: UndoRequested) -> Change | None:
    wanted = (event.speaker, event.change)
    return next(
        (one for one in ledger.history if (one.speaker, one.number) == wanted),
        None,
    )


def _concerned(ledger: Ledger, change: Change, later: list[Change]) -> set[UserId]:
    speaker = change.speaker
    after = later[0] if later else None
    claim = after.claim if after else ledger.claims.get(speaker)
    tag = after.tag if after else ledger.tags.get(speaker)
    concerned = _people(change) | _of(claim, tag)
    if ledger.sealed is not None:
        concerned.add(ledger.sealed.owner)
    return concerned - {NOBODY}


def _people(change: Change) -> set[UserId]:
    return {change.by} | _of(change.claim, change.tag)


def _of(claim: Claim | None, tag: Tag | None) -> set[UserId]:
    people: set[UserId] = set()
    if claim is not None:
        people |= {claim.by, claim.user_id or claim.by}
    if tag is not None:
        people |= {tag.by, tag.user_id}
    return people


def others(by_label: dict[SpeakerLabel, Held], label: SpeakerLabel) -> dict[SpeakerLabel, Held]:
    """Returns what all speakers but one have."""
    return {other: held for other, held in by_label.items() if other != label}
