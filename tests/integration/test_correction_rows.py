"""The corrections of a session as they are told, on the real engine."""

from pathlib import Path

from adapters.warehouse import Warehouse
from api.sessions import queries
from api.sessions.corrections import corrections_of
from api.sessions.speaker_rows import CorrectionRow
from consumers.runtime.outcome import Record
from consumers.sink.step import Sink
from schemas import topics
from schemas.ids import SessionId, UserId
from schemas.session_events import VoicesCorrected
from tests.integration.served import filled

SESSION = SessionId("0192f3c4-5b6a-7c8d-9e0f-112233445566")


def hint(correction: int, *, is_undone: bool = False) -> VoicesCorrected:
    return VoicesCorrected(
        occurred_at_ms=correction,
        session_id=SESSION,
        correction=correction,
        is_undone=is_undone,
        by=UserId("mei"),
        constraint=None,
        speakers=3,
    )


def told(warehouse: Warehouse, limit: int) -> list[tuple[int, bool]]:
    """Number of each correction, and whether it holds."""
    parameters = {"session_id": SESSION, "limit": limit}
    rows = warehouse.query(queries.CORRECTIONS, parameters, row=CorrectionRow)
    return [(one.correction, one.undone is None) for one in corrections_of(rows)]


def test_a_limit_never_parts_a_correction_from_its_undoing(tmp_path: Path) -> None:
    with filled(tmp_path) as warehouse:
        events = [hint(1), hint(1, is_undone=True), hint(2)]
        Sink(warehouse, lambda: 0).process([Record(topics.DECIDED, 0, 0, one) for one in events])
        assert told(warehouse, 3) == [(2, True), (1, False)]
        assert told(warehouse, 2) == [(2, True)]
