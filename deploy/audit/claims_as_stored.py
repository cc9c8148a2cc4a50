"""Pure: claims and verdicts as events, from their rows, where the log has the events no more.

A row has no version and no time: these events serve a comparison, and are never written.
"""

from collections.abc import Collection

from deploy.audit.log_facts import Place
from deploy.audit.stored_rows import ClaimRow, VerdictRow
from schemas.claim_events import ClaimKind, CountJudged, SpeakerClaimed, Verdict
from schemas.ids import SpeakerLabel, UserId

KINDS = frozenset(ClaimKind)
"""Kinds of a claim that is decided. A tag is another kind, and a released speaker has none."""


def claims_of(rows: Collection[ClaimRow]) -> dict[SpeakerLabel, SpeakerClaimed]:
    """Return the decided claim of each speaker that has one."""
    return {row.speaker: _claim(row) for row in rows if row.kind in KINDS}


def _claim(row: ClaimRow) -> SpeakerClaimed:
    return SpeakerClaimed(
        occurred_at_ms=0,
        session_id=row.session_id,
        request_id="",
        speaker=row.speaker,
        by=row.user_id,
        kind=ClaimKind(row.kind),
        user_id=row.user_id or None,
        guest_name=row.guest_name or None,
        claim_version=0,
        unclaimed=0,
    )


def verdicts_of(rows: Collection[VerdictRow]) -> dict[Place, CountJudged]:
    """Return the verdict on each count that has one."""
    return {(row.speaker, row.word, row.said_ms): _verdict(row) for row in rows}


def _verdict(row: VerdictRow) -> CountJudged:
    return CountJudged(
        occurred_at_ms=0,
        session_id=row.session_id,
        request_id="",
        speaker=row.speaker,
        by=UserId(""),
        word=row.word,
        said_at_ms=row.said_ms,
        day=str(row.day),
        verdict=Verdict(row.verdict),
        claim_version=0,
    )
