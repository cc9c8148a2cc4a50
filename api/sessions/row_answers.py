"""Pure: parts of answers that are a row in other units."""

from api.sessions import rows
from api.sessions.failures import FAILURES, UNCOUNTED
from api.sessions.models import (
    ListedSession,
    MissingAudio,
    PossibleHint,
    Progress,
    SessionAnswer,
    SessionFailure,
    Uncounted,
)
from api.sessions.provisional import provisional
from api.sessions.rows import SessionRow
from schemas.ids import UserId, label_order
from schemas.session_events import Failure


def listed(row: rows.ListedRow) -> ListedSession:
    """A session of a list."""
    return ListedSession(
        session_id=row.session_id,
        group_id=row.group_id,
        state=row.state,
        recorded_at=row.recorded_at,
        time_zone=row.time_zone,
        audio_ms=row.audio_ms,
        generation=row.generation,
        owned=row.owned,
    )


def session_answer(row: SessionRow, user: UserId) -> SessionAnswer:
    """The session as the user sees it."""
    return SessionAnswer(
        session_id=row.session_id,
        group_id=row.group_id or None,
        owned=row.owner == user,
        state=row.shown_state,
        generation=row.generation,
        recorded_at=row.recorded_at,
        clock_corrected=row.clock_corrected,
        time_zone=row.time_zone,
        audio_s=row.audio_ms / 1000,
        progress=_progress(row),
        missing_audio=missing_audio(row),
        speakers=row.labels if row.is_final else [],
        failure=_failure(row),
        uncounted=uncounted(row, user),
        others_claimed=row.others_claimed(user),
        possible_hints=_possible_hints(row),
        faint_speakers=sorted(row.faint, key=label_order) if row.doubts_are_current else [],
        provisional=provisional(row),
    )


def _possible_hints(row: SessionRow) -> list[PossibleHint]:
    if not row.doubts_are_current:
        return []
    return [
        PossibleHint(speakers=hint.speakers, probability=hint.probability)
        for hint in row.possible_hints
    ]


def _progress(row: SessionRow) -> Progress:
    return Progress(
        windows=row.windows,
        transcribed=row.transcribed,
        voiced=row.voiced,
        counted=row.counted,
    )


def _failure(row: SessionRow) -> SessionFailure | None:
    """The reason of a session that has failed, in words."""
    if not row.failure:
        return None
    lacks = Failure(row.failure)
    told = FAILURES[lacks]
    return SessionFailure(lacks=lacks, happened=told.happened, advice=told.advice)


def missing_audio(row: SessionRow) -> list[MissingAudio]:
    """The spans that nobody could count, in seconds."""
    return [
        MissingAudio(start_s=span.start_ms / 1000, end_s=span.end_ms / 1000) for span in row.missing
    ]


def uncounted(row: SessionRow, user: UserId) -> list[Uncounted]:
    """Reasons why something was not counted, in words, for the owner; none for anybody else."""
    if row.owner != user:
        return []
    return [Uncounted(reason=reason, happened=UNCOUNTED[reason]) for reason in row.uncounted]
