"""Ticks of sessions: each is due at its time, and none stands in another one's way."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.table import Table
from schemas.event import Event
from streams.sessions.due import AGAIN_MS, MOST, DueIndex, DueSessions
from tests.session_history import ENDED, RULES, SESSION, SHORT, TWO_DAYS_MS, run


def test_a_session_is_due_at_its_time_and_again_when_nothing_came_of_it(tmp_path: Path) -> None:
    held: dict[str, bytes] = {}
    table = Table(tmp_path, DueIndex(RULES).due)
    due = DueSessions(table, lambda: [7])

    def take(events: list[Event]) -> None:
        run(events, held)
        table.write(7, {key.encode(): value for key, value in held.items()}, reached=1)

    take(SHORT[:2])
    at = 1 + RULES.idle_ms
    assert [
        [t.session_id for t in due.ticks(now, None)] for now in (at - 1, at, at + 1, at + AGAIN_MS)
    ] == [[], [SESSION], [], [SESSION]]
    take(SHORT[2:])
    over = ENDED.occurred_at_ms + TWO_DAYS_MS
    assert [len(due.ticks(now, None)) for now in (at + 2 * AGAIN_MS, over - 1, over)] == [0, 0, 1]
    table.close()


ODD = (
    b'{"owner":"ann","state":"a state of tomorrow"}',
    b'{"owner":"ann","fault":"a reason of tomorrow"}',
    b"no row",
    b'{"a":' * 50_000,
)


@pytest.mark.parametrize(("key", "value"), [*((b"odd", odd) for odd in ODD), (b"\xff", b"{}")])
def test_a_row_that_cannot_be_read_is_never_due_and_all_others_are(
    tmp_path: Path, key: bytes, value: bytes
) -> None:
    """Before, it ended the worker at each start: each reads all rows of the changelog."""
    held: dict[str, bytes] = {}
    run(SHORT[:2], held)
    table = Table(tmp_path, DueIndex(RULES).due)
    table.write(7, {key: value, **{name.encode(): row for name, row in held.items()}}, reached=1)
    ticks = DueSessions(table, lambda: [7]).ticks(1 + RULES.idle_ms, None)
    assert [one.session_id for one in ticks] == [SESSION]
    table.close()


class Full:
    """So many sessions are due all the time."""

    def __init__(self, number: int) -> None:
        self._number = number

    def due(self, partition: int, now_ms: int) -> Iterator[bytes]:
        yield from (f"{partition}-{n}".encode() for n in range(self._number))


def test_sessions_that_stay_due_stand_in_nobodys_way() -> None:
    """Those of a stage that does not keep up are due all the time."""
    due = DueSessions(Full(2 * MOST), lambda: [7])
    ticked = [tick.session_id for now_ms in (0, 1_000, 2_000) for tick in due.ticks(now_ms, None)]
    assert len(ticked) == len(set(ticked)) == 2 * MOST


def test_everybody_has_a_turn_before_anybody_has_another() -> None:
    """Before, the 2,000 of a partition that waited longest had all turns while they stayed due.

    Behind them no session was sealed, and no text expired.
    """
    seconds = 15
    due = DueSessions(Full(seconds * MOST), lambda: [7])
    moments = range(0, 2 * seconds * 1_000, 1_000)
    ticked = [tick.session_id for now_ms in moments for tick in due.ticks(now_ms, None)]
    turns = Counter(ticked)
    assert len(turns) == seconds * MOST
    assert max(turns.values()) <= 2


def test_a_session_gets_its_tick_soon_after_the_clock_went_back() -> None:
    class One:
        def due(self, partition: int, now_ms: int) -> Iterator[bytes]:
            yield b"s"

    due = DueSessions(One(), lambda: [7])
    now_ms = 10_000_000
    moments = [now_ms, now_ms + 1_000, now_ms - 300_000, now_ms - 299_000]
    assert [len(due.ticks(moment, None)) for moment in moments] == [1, 0, 1, 0]
