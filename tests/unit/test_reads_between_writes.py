"""An answer is made of several questions: what is written between them breaks none."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from adapters.http.problems import HttpProblem
from adapters.warehouse import Parameters, R
from api.date_range import DateRange
from api.groups.rows import GroupRow
from api.groups.service import Groups
from api.sessions.rows import FieldsRow, StandingRow
from api.sessions.service import Sessions
from schemas.ids import SessionId, UserId
from schemas.session_events import State
from tests.unit.test_session_answers import session

ANN = UserId("ann")
OWNER = StandingRow(recorded=True, member=False, left=False, claimed=False, tagged=False)


class Answering:
    """A warehouse that has the given rows, by their kinds, and no other."""

    def __init__(self, *rows: Any) -> None:
        self._rows = rows

    def query(self, sql: str, parameters: Parameters | None = None, *, row: type[R]) -> list[R]:
        return [one for one in self._rows if isinstance(one, row)]


def test_somebody_who_leaves_is_off_the_list_first_and_sees_no_group_from_then_on() -> None:
    listed = GroupRow(
        group_id="g", name="Makan", owner=UserId("beng"), members=[UserId("beng")], role="member"
    )
    groups = Groups(Answering(listed))
    with pytest.raises(HttpProblem) as refused:
        groups.leaderboard("g", ANN, DateRange(date(2026, 1, 1), date(2026, 1, 31)))
    assert refused.value.status == 404


def test_somebody_who_leaves_between_two_questions_sees_no_group() -> None:
    listed = GroupRow(group_id="g", name="Makan", owner=ANN, members=[ANN], role="owner")
    groups = Groups(Answering(listed))
    with pytest.raises(HttpProblem) as refused:
        groups.leaderboard("g", ANN, DateRange(date(2026, 1, 1), date(2026, 1, 31)))
    assert refused.value.status == 404


def fields(row: Any) -> FieldsRow:
    """As the warehouse tells them."""
    return FieldsRow(msgspec.json.encode(row).decode())


def sessions_of(*rows: Any) -> Sessions:
    given: Any = None
    return Sessions(Answering(*rows), given)


def test_a_session_that_is_erased_while_it_is_read_has_no_speakers() -> None:
    sessions = sessions_of(OWNER, fields(session(State.READY, 1, 1)))
    assert sessions.speakers(SessionId("s"), ANN).speakers == []


def test_a_session_that_is_erased_between_two_questions_is_not_found() -> None:
    with pytest.raises(HttpProblem) as refused:
        sessions_of(OWNER).session(SessionId("s"), ANN)
    assert refused.value.status == 404


def test_an_owner_sees_a_session_by_one_question() -> None:
    row = fields(session(State.RECORDING, 0, 0))
    assert sessions_of(row).session(SessionId("s"), ANN).owned
    assert set(sessions_of(row).as_seen_by(SessionId("s"), [ANN, UserId("beng")])) == {ANN}
    with pytest.raises(HttpProblem):
        sessions_of(row).session(SessionId("s"), UserId("beng"))
    with pytest.raises(HttpProblem):
        sessions_of(row).tags(SessionId("s"), ANN)


def test_a_session_of_which_only_the_listing_is_known_has_nothing_else() -> None:
    listing = {"session_id": "s", "owner": "ann", "group_id": "", "state": "recording"}
    clock = {"recorded_at": "2026-11-28T12:00:00.250Z", "clock_corrected": False}
    rest = {"generation": 0, "time_zone": "Asia/Singapore", "audio_ms": 0, "failure": ""}
    found = sessions_of(fields(listing | clock | rest)).session(SessionId("s"), ANN)
    assert found.recorded_at == datetime(2026, 11, 28, 12, 0, 0, 250_000, UTC)
    assert (found.speakers, found.uncounted, found.progress.windows) == ([], [], 0)
    assert found.provisional is not None
    assert (found.provisional.eta_s, found.provisional.speakers) == (None, [])
