"""Events of the credits fold: answers to requests, and credits. Built from the ledger after it."""

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
from schemas.word_events import VoiceCredited, WordsCredited
from streams.credits.state import Claim, Credited, Ledger, Moments, SpeakerTotals


def accepted(ledger: Ledger, event: Requested) -> Decided:
    """Answers a request that took effect."""
    match event:
        case TagRequested():
            return _tagged(ledger, event)
        case ReleaseRequested():
            return released(ledger, event, event.request_id, event.speaker, event.by)
        case _:
            claim = ledger.claims[event.speaker]
            return claimed(ledger, event, event.request_id, event.speaker, claim, event.by)


def rejected(event: Requested, reason: str) -> ClaimRejected:
    """Answers a request that took no effect."""
    return ClaimRejected(
        occurred_at_ms=event.occurred_at_ms,
        session_id=event.session_id,
        request_id=event.request_id,
        speaker=event.speaker,
        by=event.by,
        reason=reason,
    )


def claimed(
    ledger: Ledger,
    event: SessionEvent,
    request_id: str,
    speaker: SpeakerLabel,
    claim: Claim,
    by: UserId,
) -> SpeakerClaimed:
    """The speaker has a claim now."""
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
    """The speaker has no claim and no tag any more."""
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


def words_credited(
    ledger: Ledger, event: SessionEvent, credited: Credited, totals: SpeakerTotals
) -> WordsCredited:
    """All that a user has from one speaker; 0 for words that the totals no longer have."""
    days: dict[str, dict[str, int]] = {}
    for day, words in credited.days.items():
        counts = totals.days.get(day, {})
        days[day] = {word: counts.get(word, 0) for word in words}
    return WordsCredited(
        occurred_at_ms=event.occurred_at_ms,
        session_id=event.session_id,
        user_id=credited.user_id,
        speaker=credited.speaker,
        credit_version=ledger.version,
        days=days,
        spoken=_spoken(credited, totals),
        talk_ms=totals.talk_ms,
    )


def voice_credited(
    ledger: Ledger,
    event: SessionEvent,
    credited: Credited,
    totals: SpeakerTotals,
    *,
    said: Moments,
    company: tuple[UserId, ...],
) -> VoiceCredited:
    """The words of a user's voice with their times, and the other users of the session."""
    assert ledger.sealed is not None
    return VoiceCredited(
        occurred_at_ms=event.occurred_at_ms,
        session_id=event.session_id,
        user_id=credited.user_id,
        speaker=credited.speaker,
        credit_version=ledger.version,
        moments=said,
        spoken=_spoken(credited, totals),
        talk_ms=totals.talk_ms,
        company=company,
        time_zone=ledger.sealed.time_zone,
        audio_ms=ledger.sealed.total_ms,
    )


def voice_taken(ledger: Ledger, event: SessionEvent, credited: Credited) -> VoiceCredited:
    """The voice is not the user's any more: everything is empty or 0."""
    return VoiceCredited(
        occurred_at_ms=event.occurred_at_ms,
        session_id=event.session_id,
        user_id=credited.user_id,
        speaker=credited.speaker,
        credit_version=ledger.version,
        moments={},
        spoken=_spoken(credited, SpeakerTotals()),
        talk_ms=0,
        company=(),
        time_zone="",
        audio_ms=0,
    )


def _spoken(credited: Credited, totals: SpeakerTotals) -> dict[str, int]:
    return {day: totals.spoken.get(day, 0) for day in credited.days}


def _unclaimed(ledger: Ledger) -> int:
    labels = ledger.totals.labels if ledger.totals else set()
    return len(labels - set(ledger.claims))
