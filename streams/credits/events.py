"""Events of the credits fold: answers to requests, and credits. Built from the ledger after it."""

from typing import NamedTuple

from msgspec.structs import replace

from schemas.claim_events import (
    AboutSpeaker,
    ClaimKind,
    ClaimRejected,
    ClaimRequested,
    CountJudged,
    Decided,
    ReleaseRequested,
    Requested,
    SpeakerClaimed,
    SpeakerReleased,
    SpeakerTagged,
    TagAnswered,
    TagRequested,
    UndoRequested,
)
from schemas.event import SessionEvent
from schemas.ids import NOBODY, SpeakerLabel, UserId
from schemas.word_events import VoiceCredited, WordsCredited
from streams.answers import Answer
from streams.credits.counts import Credited, Moments, SpeakerTotals
from streams.credits.history import claim_and_tag_after
from streams.credits.state import Claim, Judged, Ledger, Tag


def answered(ledger: Ledger, event: AboutSpeaker, answer: Answer) -> Decided:
    """Answers a request for the first time, or again.

    An undoing is answered with the claim that it brought back, whatever became of that since: the
    warehouse keeps the answer as the change of its number.
    """
    if answer.reason is not None:
        return rejected(event, answer.reason)
    notice = Notice(event.request_id, event.speaker, event.by, answer.number, answer.left)
    match event:
        case TagRequested():
            return tagged(event, notice, Tag(by=event.by, user_id=event.user_id))
        case ReleaseRequested():
            return released(event, notice)
        case ClaimRequested() | TagAnswered():
            return claimed(event, notice, claim_of(event))
        case UndoRequested():
            return _brought_back(ledger, event, notice)


def _brought_back(ledger: Ledger, event: UndoRequested, notice: "Notice") -> Decided:
    claim, tag = claim_and_tag_after(ledger, event.speaker, notice.claim_version)
    if claim is not None:
        return claimed(event, notice, claim)
    if tag is None:
        return released(event, notice)
    return tagged(event, notice, replace(tag, by=event.by))


def claim_of(event: ClaimRequested | TagAnswered) -> Claim:
    """Returns the claim that the request asks for. `by` is whoever asked."""
    user: UserId | None = None
    guest: str | None = None
    match event:
        case TagAnswered() | ClaimRequested(kind=ClaimKind.SELF):
            user = event.by
        case ClaimRequested(kind=ClaimKind.USER):
            user = event.user_id
        case ClaimRequested(kind=ClaimKind.GUEST):
            guest = event.guest_name
    kind = event.kind if isinstance(event, ClaimRequested) else ClaimKind.USER
    return Claim(
        kind=kind,
        by=event.by,
        user_id=user,
        guest_name=guest,
        made_ms=event.occurred_at_ms,
    )


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


class Notice(NamedTuple):
    """The fields that say which claim is told, and `unclaimed`: how many speakers have none."""

    request_id: str
    speaker: SpeakerLabel
    by: UserId
    claim_version: int
    unclaimed: int


def unasked(ledger: Ledger, request_id: str, speaker: SpeakerLabel) -> Notice:
    """A notice that nobody asked for. The id is derived from what led to it."""
    return Notice(request_id, speaker, NOBODY, ledger.version, unclaimed(ledger))


def claimed(event: SessionEvent, notice: Notice, claim: Claim) -> SpeakerClaimed:
    """The speaker has a claim now, and never a moment before the claim was made.

    An erasure waits for claims that the warehouse has from before it, and a claim that a generation
    moves may be newer than all that led to that generation.
    """
    return SpeakerClaimed(
        occurred_at_ms=max(event.occurred_at_ms, claim.made_ms),
        session_id=event.session_id,
        kind=claim.kind,
        user_id=claim.user_id,
        guest_name=claim.guest_name,
        **notice._asdict(),
    )


def released(event: SessionEvent, notice: Notice) -> SpeakerReleased:
    """The speaker has no claim and no tag any more."""
    return SpeakerReleased(
        occurred_at_ms=event.occurred_at_ms,
        session_id=event.session_id,
        **notice._asdict(),
    )


def tagged(event: SessionEvent, notice: Notice, tag: Tag) -> SpeakerTagged:
    """The tag waits for its user's agreement."""
    return SpeakerTagged(
        occurred_at_ms=event.occurred_at_ms,
        session_id=event.session_id,
        request_id=notice.request_id,
        speaker=notice.speaker,
        by=tag.by,
        user_id=tag.user_id,
        claim_version=notice.claim_version,
    )


def judged(
    event: SessionEvent, request_id: str, by: UserId, count: Judged, version: int
) -> CountJudged:
    """The count has its verdict."""
    return CountJudged(
        occurred_at_ms=event.occurred_at_ms,
        session_id=event.session_id,
        request_id=request_id,
        speaker=count.speaker,
        by=by,
        word=count.word,
        said_at_ms=count.said_at_ms,
        day=count.day,
        verdict=count.verdict,
        claim_version=version,
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


def unclaimed(ledger: Ledger) -> int:
    """Returns how many speakers have no claim."""
    labels = ledger.totals.labels if ledger.totals else set()
    return len(labels - set(ledger.claims))
