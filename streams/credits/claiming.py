"""Pure: who may claim which voice. The first claim in the log stands until it is released."""

from msgspec.structs import replace

from schemas.claim_events import ClaimKind, ClaimRejected, ClaimRequested, ReleaseRequested, SpeakerClaimed, SpeakerReleased
from schemas.ids import event_id
from streams.credits.state import Answer, Claim, Ledger


def decide(ledger: Ledger, event: ClaimRequested | ReleaseRequested) -> tuple[Ledger, Answer]:
    """The ledger after the request and its answer, which is remembered under the request's id."""
    refusal = _refusal(ledger, event)
    answer: Answer
    if refusal is not None:
        answer = _rejected(event, refusal)
    elif isinstance(event, ClaimRequested):
        ledger, answer = _claimed(ledger, event)
    else:
        ledger, answer = _released(ledger, event)
    return replace(ledger, answers={**ledger.answers, event.request_id: answer}), answer


def _refusal(ledger: Ledger, event: ClaimRequested | ReleaseRequested) -> str | None:
    if ledger.totals is None:
        return "not_ready"
    if event.speaker not in {s.label for s in ledger.totals.speakers}:
        return "no_such_speaker"
    held = ledger.claims.get(event.speaker)
    if isinstance(event, ClaimRequested):
        return "already_claimed" if held is not None else None
    if held is None:
        return "not_claimed"
    owner = ledger.sealed.owner if ledger.sealed else None
    return None if event.by in {held.by, held.user_id, owner} else "not_yours"


def _claimed(ledger: Ledger, event: ClaimRequested) -> tuple[Ledger, SpeakerClaimed]:
    user = event.by if event.kind is ClaimKind.SELF else event.user_id if event.kind is ClaimKind.USER else None
    guest = event.guest_name if event.kind is ClaimKind.GUEST else None
    claim = Claim(kind=event.kind, by=event.by, user_id=user, guest_name=guest)
    ledger = replace(ledger, claims={**ledger.claims, event.speaker: claim}, version=ledger.version + 1)
    return ledger, SpeakerClaimed(
        event_id=event_id("SpeakerClaimed", event.request_id),
        occurred_at_ms=event.occurred_at_ms,
        session_id=event.session_id,
        request_id=event.request_id,
        speaker=event.speaker,
        by=event.by,
        kind=event.kind,
        user_id=user,
        guest_name=guest,
        claim_version=ledger.version,
        unclaimed=_unclaimed(ledger),
    )


def _released(ledger: Ledger, event: ReleaseRequested) -> tuple[Ledger, SpeakerReleased]:
    left = {label: claim for label, claim in ledger.claims.items() if label != event.speaker}
    ledger = replace(ledger, claims=left, version=ledger.version + 1)
    return ledger, SpeakerReleased(
        event_id=event_id("SpeakerReleased", event.request_id),
        occurred_at_ms=event.occurred_at_ms,
        session_id=event.session_id,
        request_id=event.request_id,
        speaker=event.speaker,
        by=event.by,
        claim_version=ledger.version,
        unclaimed=_unclaimed(ledger),
    )


def _unclaimed(ledger: Ledger) -> int:
    speakers = ledger.totals.speakers if ledger.totals else ()
    return sum(s.label not in ledger.claims for s in speakers)


def _rejected(event: ClaimRequested | ReleaseRequested, reason: str) -> ClaimRejected:
    return ClaimRejected(
        event_id=event_id("ClaimRejected", event.request_id),
        occurred_at_ms=event.occurred_at_ms,
        session_id=event.session_id,
        request_id=event.request_id,
        speaker=event.speaker,
        by=event.by,
        reason=reason,
    )
