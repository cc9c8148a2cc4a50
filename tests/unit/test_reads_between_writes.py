"""An answer is made of several questions: what is written between them breaks none."""

from datetime import date
from typing import Any

import pytest

from adapters.http.problems import HttpProblem
from adapters.warehouse import Parameters, R
from api.date_range import DateRange
from api.groups.rows import GroupRow
from api.groups.service import Groups
from api.sessions.rows import StandingRow
from api.sessions.service import Sessions
from schemas.ids import SessionId, UserId
from schemas.session_events import State
from tests.unit.test_session_answers import session

ANN = UserId("ann")


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


def test_a_session_that_is_erased_while_it_is_read_has_no_speakers() -> None:
    standing = StandingRow(recorded=True, member=False, left=False, claimed=False, tagged=False)
    given: Any = None
    sessions = Sessions(Answering(standing, session(State.READY, 1, 1)), given)
    assert isinstance(sessions, Sessions)
    assert sessions.speakers(SessionId("s"), ANN).speakers == []
