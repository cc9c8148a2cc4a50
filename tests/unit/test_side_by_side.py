"""Questions that are asked side by side: a warehouse that hangs keeps nobody for long."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from adapters.process.retry import TransientError
from adapters.warehouse import Parameters, R
from api.date_range import DateRange
from api.groups.rows import GroupRow
from api.groups.service import Groups
from api.side_by_side import SideBySide
from api.wrapped.service import WrappedStories
from schemas.ids import UserId

ANN = UserId("ann")
DAYS = DateRange(date(2026, 1, 1), date(2026, 1, 31))
GROUP = GroupRow(group_id="g", name="Makan", owner=ANN, members=[ANN], role="owner")
PATIENCE = "api.side_by_side.PATIENCE_S"
Ask = Callable[["Hanging"], object]


class Hanging:
    """A warehouse that knows a group, and hangs at every other question until it is let go."""

    def __init__(self) -> None:
        self.let_go = threading.Event()

    def query(self, sql: str, parameters: Parameters | None = None, *, row: type[R]) -> list[R]:
        if isinstance(GROUP, row):
            return [GROUP]
        assert self.let_go.wait(60)
        return []


def board(warehouse: Hanging) -> object:
    return Groups(warehouse).leaderboard("g", ANN, DAYS)


def story(warehouse: Hanging) -> object:
    return WrappedStories(warehouse).story(ANN, "month", DAYS)


@pytest.mark.parametrize("ask", [board, story])
def test_a_caller_waits_for_a_while(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PATIENCE, 0.05)
    warehouse = Hanging()
    with ThreadPoolExecutor(1) as caller:
        asked = caller.submit(ask, warehouse)
        try:
            error = asked.exception(20)
        finally:
            warehouse.let_go.set()
    assert isinstance(error, TransientError)


def test_what_nobody_waits_for_any_more_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PATIENCE, 0.05)
    warehouse = Hanging()
    asked: list[str] = []
    threads = SideBySide("test", 1)

    def hang() -> None:
        asked.append("first")
        assert warehouse.let_go.wait(60)

    late = [threads.start(hang), threads.start(lambda: asked.append("second"))]
    for answer in late:
        with pytest.raises(TransientError):
            answer()
    monkeypatch.setattr(PATIENCE, 60)
    third = threads.start(lambda: asked.append("third"))
    warehouse.let_go.set()
    third()
    assert asked == ["first", "third"]
