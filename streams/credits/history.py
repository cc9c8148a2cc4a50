"""Pure: the latest changes of claims, and their undoing by those whom they concern."""

from msgspec.structs import replace

from schemas.claim_events import UndoRequested
from schemas.ids import SpeakerLabel, UserId
from streams.credits.state import Change, Claim, Ledger, Tag

MOST_CHANGES = 20
"""Changes of one session that can be undone. The warehouse shows older ones."""
NOBODY = UserId("")
"""Changes the claim of a speaker that a new generation does not have."""


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
    of_speaker = [change for change in ledger.history if change.speaker == event.speaker]
    found = [change for change in of_speaker if change.number == event.change]
    if not found:
        return "no_such_change"
    later = [change for change in of_speaker if change.number > event.change]
    if any(change.by != found[0].by for change in later):
        return "changed_since"
    return None if event.by in _concerned(ledger, found[0], later) else "not_yours"


def undone(ledger: Ledger, event: UndoRequested) -> Ledger:
    """Returns the ledger with the claim or tag as it was before the change.

    A user other than the caller is asked again: nobody gets a voice back whom nobody asked.
    """
    change = next(one for one in ledger.history if _is(one, event))
    claims = {label: held for label, held in ledger.claims.items() if label != event.speaker}
    tags = {label: held for label, held in ledger.tags.items() if label != event.speaker}
    claim = change.claim
    if claim is not None and claim.user_id in (None, event.by):
        claims[event.speaker] = claim
    elif claim is not None and claim.user_id is not None:
        tags[event.speaker] = Tag(by=event.by, user_id=claim.user_id)
    elif change.tag is not None:
        tags[event.speaker] = change.tag
    return replace(ledger, claims=claims, tags=tags, changes=ledger.changes + 1)


def without(ledger: Ledger, user: UserId) -> Ledger:
    """Returns the ledger without the changes that name a user, who leaves."""
    kept = tuple(change for change in ledger.history if user not in _people(change))
    return replace(ledger, history=kept)


def _is(change: Change, event: UndoRequested) -> bool:
    return (change.speaker, change.number) == (event.speaker, event.change)


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
