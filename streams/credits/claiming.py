"""Pure: who may claim which voice. The first claim in the log stands until it is released; a tag waits for who is tagged."""

from msgspec.structs import replace

from schemas.claim_events import (
    ClaimKind,
    ClaimRequested,
    Decided,
    ReleaseRequested,
    Requested,
    TagAnswered,
    TagRequested,
)
from schemas.ids import UserId
from streams.credits import answering
from streams.credits.state import Claim, Ledger, Tag


def decide(ledger: Ledger, event: Requested) -> tuple[Ledger, Decided]:
    """The ledger after the request and its answer, which is remembered under the request's id."""
    refusal = _refusal(ledger, event)
    answer: Decided
    if refusal is not None:
        answer = answering.rejected(event, refusal)
    else:
        ledger = _after(replace(ledger, version=ledger.version + 1), event)
        answer = answering.answered(ledger, event)
    return replace(ledger, answers={**ledger.answers, event.request_id: answer}), answer


def _refusal(ledger: Ledger, event: Requested) -> str | None:
    if ledger.erased:
        return "erased"
    if ledger.totals is None:
        return "not_ready"
    if event.speaker not in {s.label for s in ledger.totals.speakers}:
        return "no_such_speaker"
    held, tag = ledger.claims.get(event.speaker), ledger.tags.get(event.speaker)
    match event:
        case TagAnswered():
            return None if tag is not None and tag.user_id == event.by else "not_tagged"
        case ReleaseRequested():
            return _may_not_release(ledger, event, held, tag)
        case _:
            return "already_claimed" if held is not None and not _is_rename(event, held) else None


def _is_rename(event: Requested, held: Claim) -> bool:
    """Whoever named a guest may name them better."""
    return (
        isinstance(event, ClaimRequested)
        and event.kind is ClaimKind.GUEST
        and held.kind is ClaimKind.GUEST
        and held.by == event.by
    )


def _may_not_release(
    ledger: Ledger, event: ReleaseRequested, held: Claim | None, tag: Tag | None
) -> str | None:
    owner = ledger.sealed.owner if ledger.sealed else None
    if held is not None:
        return None if event.by in {held.by, held.user_id, owner} else "not_yours"
    if tag is not None:
        return None if event.by in {tag.by, tag.user_id, owner} else "not_yours"
    return "not_claimed"


def _after(ledger: Ledger, event: Requested) -> Ledger:
    """A claim, an answer, or a release ends a tag; a new tag takes the place of the one before."""
    claims = {label: claim for label, claim in ledger.claims.items() if label != event.speaker}
    tags = {label: tag for label, tag in ledger.tags.items() if label != event.speaker}
    match event:
        case ClaimRequested():
            claims[event.speaker] = claim_of(event)
        case TagAnswered():
            claims[event.speaker] = Claim(
                kind=ClaimKind.USER,
                by=ledger.tags[event.speaker].by,
                user_id=event.by,
                guest_name=None,
            )
        case TagRequested():
            tags[event.speaker] = Tag(by=event.by, user_id=event.user_id)
    return replace(ledger, claims=claims, tags=tags)


def claim_of(event: ClaimRequested) -> Claim:
    """Who the speaker is said to be."""
    users: dict[ClaimKind, UserId | None] = {
        ClaimKind.SELF: event.by,
        ClaimKind.USER: event.user_id,
    }
    guest = event.guest_name if event.kind is ClaimKind.GUEST else None
    return Claim(kind=event.kind, by=event.by, user_id=users.get(event.kind), guest_name=guest)
