"""Hints, merges and splits of a session, and their undoings."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from adapters.warehouse import Queries
from api.answers import Answer, Instant, example
from api.sessions import queries
from api.sessions.speaker_rows import CorrectionRow
from api.sessions.visible import VisibleSessions
from schemas.ids import SessionId, UserId

MOST_ROWS = 200
"""Of an answer. A correction has one row, and another one when it was undone."""
Kind = Literal["hint", "merge", "split"]


class Undone(Answer):
    """Somebody took a correction back."""

    undone_by: str = Field(description="Empty when that user left")
    undone_at: Instant


class Correction(Answer):
    """One hint, merge or split."""

    correction: int = Field(description="Its number, by which it can be undone")
    kind: Kind
    speaker: str = Field(description="Which stayed of a merge, or was split; empty of a hint")
    other: str = Field(description="Which was the same person, of a merge; else empty")
    speakers: int = Field(description="How many people talked, of a hint; else 0")
    corrected_by: str = Field(description="Empty when that user left")
    corrected_at: Instant
    undone: Undone | None = Field(description="Null while it holds")


class Corrections(Answer):
    """The latest corrections of a session, the newest first."""

    model_config = example(
        {
            "corrections": [
                {
                    "correction": 1,
                    "kind": "merge",
                    "speaker": "S1",
                    "other": "S3",
                    "speakers": 0,
                    "corrected_by": "mei",
                    "corrected_at": "2026-11-24T12:00:00+00:00",
                    "undone": {"undone_by": "mei", "undone_at": "2026-11-24T12:01:00+00:00"},
                }
            ]
        }
    )
    corrections: list[Correction]


class CorrectionHistories:
    """Blocking. TransientError when the warehouse is away."""

    def __init__(self, warehouse: Queries, visible: VisibleSessions) -> None:
        self._warehouse = warehouse
        self._visible = visible

    def of(self, session_id: SessionId, user: UserId) -> Corrections:
        """The latest corrections. HttpProblem 404 for those who may not see the session."""
        self._visible.check(session_id, user)
        parameters = {"session_id": session_id, "limit": MOST_ROWS}
        rows = self._warehouse.query(queries.CORRECTIONS, parameters, row=CorrectionRow)
        return Corrections(corrections=corrections_of(rows))


def corrections_of(rows: Sequence[CorrectionRow]) -> list[Correction]:
    """Each correction with its undoing. Pure."""
    undoings = {row.correction: row for row in rows if row.undone}
    made = [row for row in rows if not row.undone]
    return [_correction(row, undoings.get(row.correction)) for row in made]


def _correction(row: CorrectionRow, undoing: CorrectionRow | None) -> Correction:
    return Correction(
        correction=row.correction,
        kind=row.kind,
        speaker=row.speaker,
        other=row.other,
        speakers=row.speakers,
        corrected_by=row.changed_by,
        corrected_at=row.changed_at,
        undone=_undone(undoing) if undoing else None,
    )


def _undone(row: CorrectionRow) -> Undone:
    return Undone(undone_by=row.changed_by, undone_at=row.changed_at)
