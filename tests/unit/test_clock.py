"""Work that is done once in a period, whatever the clock does."""

import pytest

from adapters.process.clock import Every

PERIOD_MS = 60_000
MARKED_MS = 1_767_225_600_000


def test_the_first_work_is_due_at_once() -> None:
    assert Every(PERIOD_MS).is_due(MARKED_MS)


@pytest.mark.parametrize(
    ("later_ms", "is_due"),
    [
        (0, False),
        (PERIOD_MS - 1, False),
        (PERIOD_MS, True),
        (1 - PERIOD_MS, False),
        (-PERIOD_MS, True),
    ],
)
def test_work_is_due_again_a_period_away_from_the_mark(later_ms: int, is_due: bool) -> None:
    every = Every(PERIOD_MS)
    every.mark(MARKED_MS)
    assert every.is_due(MARKED_MS + later_ms) is is_due


def test_asking_begins_no_period() -> None:
    every = Every(PERIOD_MS)
    assert every.is_due(MARKED_MS)
    assert every.is_due(MARKED_MS)
