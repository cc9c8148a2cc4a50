"""Pure: who may claim which speaker.

The first claim in the log is good until it is released. A tag waits for the tagged user's answer.
"""

from msgspec.structs import replace

from schemas.claim_events import (
    AboutSpeaker,
    ClaimKind,
    ClaimRequested,
    Decided,
    ReleaseRequested,
    Requested,
    TagAnswered,
    TagRequested,
    UndoRequested,
)
from streams.answers import Answer, digest, is_older
from streams.credits import events, history, leaving
from streams.credits.history import others
from streams.credits.state import Claim, Ledger, Tag


def answer(ledger: Ledger, event: AboutSpeaker) -> tuple[Ledger, Decided]:
    """Returns the ledger after the request, and the answer, which the ledger remembers.

    An erased session gives the same answer to everybody: nothing of them is remembered.
    """
    if ledger.erased:
        return ledger, events.rejected(event, "erased")
    reason = _refusal(ledger, event)
    if reason is None:
        ledger = history.noted(
            ledger,
            _after(ledger, event),
            event.speaker,
            event.by,
            event.occurred_at_ms,
        )
    given = Answer(digest(event), ledger.version, reason, events.unclaimed(ledger))
    ledger = replace(
        ledger,
        answers=ledger.answers.adding(event.request_id, given),
    )
    return ledger, events.answered(ledger, event, given)


def unanswerable(ledger: Ledger, event: Requested) -> str | None:
    """Returns the reason why nothing can be asked of the speaker; None when something can."""
    if ledger.totals is None:
        return "not_ready"
    if event.speaker not in ledger.totals.labels:
        return "no_such_speaker"
    return "claimed_since" if leaving.names_who_left(ledger, event) else None


def _refusal(ledger: Ledger, event: AboutSpeaker) -> str | None:
    reason = unanswerable(ledger, event)
    if reason is not None:
        return reason
    match event:
        case TagAnswered():
            return _agreement_refusal(ledger, event) or _late_refusal(ledger, event)
        case ReleaseRequested():
            return _release_refusal(ledger, event)
        case UndoRequested():
            return history.refusal(ledger, event) or _late_refusal(ledger, event)
        case ClaimRequested() | TagRequested():
            claim = ledger.claims.get(event.speaker)
            is_free = claim is None or _is_rename(event, claim)
            return _late_refusal(ledger, event) if is_free else "already_claimed"


def _late_refusal(ledger: Ledger, event: AboutSpeaker) -> str | None:
    """A request may come late: all that people said of the voice since stays as it is."""
    is_late = is_older(event, history.changed_ms(ledger, event.speaker))
    return "claimed_since" if is_late else None


def _agreement_refusal(ledger: Ledger, event: TagAnswered) -> str | None:
    """A merge may bring a claim to a voice that is tagged: the tag does not take it away."""
    if event.speaker in ledger.claims:
        return "already_claimed"
    tag = ledger.tags.get(event.speaker)
    return None if tag is not None and tag.user_id == event.by else "not_tagged"


def _is_rename(event: AboutSpeaker, claim: Claim) -> bool:
    """A user who named a guest may correct the name."""
    return (
        isinstance(event, ClaimRequested)
        and event.kind is ClaimKind.GUEST
        and claim.kind is ClaimKind.GUEST
        and claim.by == event.by
    )


def _release_refusal(ledger: Ledger, event: ReleaseRequested) -> str | None:
    """A claim or a tag that is newer than the request stays: a release may come late, or again."""
    taken = ledger.claims.get(event.speaker) or ledger.tags.get(event.speaker)
    if taken is None:
        return "not_claimed"
    owner = ledger.sealed.owner if ledger.sealed else None
    concerned = {taken.by, taken.user_id, owner} if event.at_table else {taken.user_id}
    if event.by not in concerned:
        return "not_yours"
    return "claimed_since" if is_older(event, taken.made_ms) else None


def _after(ledger: Ledger, event: AboutSpeaker) -> Ledger:
    if isinstance(event, UndoRequested):
        return history.undone(ledger, event)
    # A claim, an agreement and a release end a tag. A new tag replaces the one before.
    claims = others(ledger.claims, event.speaker)
    tags = others(ledger.tags, event.speaker)
    match event:
        case ClaimRequested():
            claims[event.speaker] = events.claim_of(event)
        case TagAnswered():
            agreed = events.claim_of(event)
            claims[event.speaker] = replace(agreed, by=ledger.tags[event.speaker].by)
        case TagRequested():
            tags[event.speaker] = Tag(
                by=event.by, user_id=event.user_id, made_ms=event.occurred_at_ms
            )
    return replace(ledger, claims=claims, tags=tags, changes=ledger.changes + 1)
