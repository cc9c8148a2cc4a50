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
from schemas.event import SessionEvent
from schemas.ids import SpeakerLabel, UserId, derived_id
from schemas.session_events import ConstraintKind
from streams.credits import events
from streams.credits.state import Claim, Ledger, Tag


def decide(ledger: Ledger, event: Requested) -> tuple[Ledger, Decided]:
    """The ledger after the request and its answer, which is remembered under the request's id."""
    refusal = _refusal(ledger, event)
    answer: Decided
    if refusal is not None:
        answer = events.rejected(event, refusal)
    else:
        ledger = _after(replace(ledger, version=ledger.version + 1), event)
        answer = events.answered(ledger, event)
    return replace(ledger, answers=ledger.answers.adding(event.request_id, answer)), answer


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


def settle(ledger: Ledger, event: SessionEvent) -> tuple[Ledger, list[Decided]]:
    """The ledger with claims and tags on speakers that there are, and a notice for each that moved or was released."""
    present = {s.label for s in ledger.totals.speakers} if ledger.totals else set()
    gone = sorted(label for label in {*ledger.claims, *ledger.tags} if label not in present)
    notices: list[Decided] = []
    for label in gone:
        ledger, found = _moved(ledger, event, label, _heir(ledger, label, present))
        notices += found
    return ledger, notices


def _heir(ledger: Ledger, label: SpeakerLabel, present: set[SpeakerLabel]) -> SpeakerLabel | None:
    """Who has the voice now: of two merged speakers the target's claim stands, else the other's."""
    constrained, sealed = ledger.constrained, ledger.sealed
    if constrained is None or sealed is None or constrained.generation != sealed.generation:
        return None
    now = label
    for constraint in constrained.constraints:
        if constraint.kind is ConstraintKind.MERGE and constraint.other == now:
            now = constraint.speaker
    return now if now in present and now not in ledger.claims else None


def _moved(
    ledger: Ledger, event: SessionEvent, label: SpeakerLabel, heir: SpeakerLabel | None
) -> tuple[Ledger, list[Decided]]:
    claim, tag = ledger.claims.get(label), ledger.tags.get(label)
    claims = {at: held for at, held in ledger.claims.items() if at != label}
    tags = {at: held for at, held in ledger.tags.items() if at != label}
    if claim is not None and heir is not None:
        claims[heir] = claim
    ledger = replace(ledger, claims=claims, tags=tags, version=ledger.version + 1)
    by = claim.by if claim is not None else tag.by if tag is not None else None
    assert by is not None
    generation = ledger.totals.generation if ledger.totals else 0
    request = derived_id("Settled", event.session_id, generation, label)
    notices: list[Decided] = [events.released(ledger, event, request, label, by)]
    if claim is not None and heir is not None:
        notices.append(
            events.claimed(
                ledger,
                event,
                derived_id("Inherited", event.session_id, generation, heir),
                heir,
                claim,
                by,
            )
        )
    return ledger, notices
