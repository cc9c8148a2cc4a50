"""Answers as events, built from the ledger after the request."""

from schemas.claim_events import (
    ClaimRejected,
    Decided,
    ReleaseRequested,
    Requested,
    SpeakerClaimed,
    SpeakerReleased,
    SpeakerTagged,
    TagRequested,
)
from schemas.event import SessionEvent
from schemas.ids import SpeakerLabel, UserId
from streams.credits.state import Claim, Ledger


def answered(ledger: Ledger, event: Requested) -> Decided:
    """What became of an accepted request."""
    match event:
        case TagRequested():
            return _tagged(ledger, event)
        case ReleaseRequested():
            return released(ledger, event, event.request_id, event.speaker, event.by)
        case _:
            return claimed(
                ledger,
                event,
                event.request_id,
                event.speaker,
                ledger.claims[event.speaker],
                event.by,
            )


def claimed(
    ledger: Ledger,
    event: SessionEvent,
    request_id: str,
    speaker: SpeakerLabel,
    claim: Claim,
    by: UserId,
) -> SpeakerClaimed:
    """The claim stands."""
    return SpeakerClaimed(
        occurred_at_ms=event.occurred_at_ms,
        session_id=event.session_id,
        request_id=request_id,
        speaker=speaker,
        by=by,
        kind=claim.kind,
        user_id=claim.user_id,
        guest_name=claim.guest_name,
        claim_version=ledger.version,
        unclaimed=_unclaimed(ledger),
    )


def released(
    ledger: Ledger, event: SessionEvent, request_id: str, speaker: SpeakerLabel, by: UserId
) -> SpeakerReleased:
    """The speaker is free."""
    return SpeakerReleased(
        occurred_at_ms=event.occurred_at_ms,
        session_id=event.session_id,
        request_id=request_id,
        speaker=speaker,
        by=by,
        claim_version=ledger.version,
        unclaimed=_unclaimed(ledger),
    )


def _tagged(ledger: Ledger, event: TagRequested) -> SpeakerTagged:
    return SpeakerTagged(
        occurred_at_ms=event.occurred_at_ms,
        session_id=event.session_id,
        request_id=event.request_id,
        speaker=event.speaker,
        by=event.by,
        user_id=event.user_id,
        claim_version=ledger.version,
    )


def rejected(event: Requested, reason: str) -> ClaimRejected:
    """Refused, and why."""
    return ClaimRejected(
        occurred_at_ms=event.occurred_at_ms,
        session_id=event.session_id,
        request_id=event.request_id,
        speaker=event.speaker,
        by=event.by,
        reason=reason,
    )


def _unclaimed(ledger: Ledger) -> int:
    speakers = ledger.totals.speakers if ledger.totals else ()
    return sum(s.label not in ledger.claims for s in speakers)
