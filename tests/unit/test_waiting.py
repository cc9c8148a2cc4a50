"""`until`: asked once at least, once after the deadline, and loud when it was in vain."""

from itertools import count

import pytest

from deploy import waiting
from deploy.waiting import LONGEST_S, SHARE, SHORTEST_S, until


class Clock:
    """A clock that sleep alone moves on. It keeps each pause, with the time before it."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.pauses: list[tuple[float, float]] = []

    def monotonic(self) -> float:
        return self.now_s

    def sleep(self, pause_s: float) -> None:
        self.pauses.append((self.now_s, pause_s))
        self.now_s += pause_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(waiting, "time", made)
    return made


def test_the_good_answer_comes_back() -> None:
    numbers = count()
    assert until(lambda: next(numbers), lambda n: n == 3, every_s=0) == 3


def test_it_is_asked_once_even_without_time() -> None:
    assert until(lambda: 1, bool, timeout_s=0) == 1


def test_a_wait_in_vain_says_what_was_answered_or_what_to_do() -> None:
    with pytest.raises(TimeoutError, match="'no'"):
        until(lambda: "no", lambda answer: answer == "yes", timeout_s=0)
    with pytest.raises(TimeoutError, match="try again"):
        until(lambda: 0, bool, timeout_s=0, complaint="try again")


def test_a_long_wait_asks_less_and_less(clock: Clock) -> None:
    until(lambda: clock.now_s, lambda now_s: now_s > 2 * LONGEST_S / SHARE)
    pauses = [pause_s for _, pause_s in clock.pauses]
    assert (pauses[0], pauses[-1]) == (SHORTEST_S, LONGEST_S)
    assert all(pause_s <= max(SHORTEST_S, SHARE * waited_s) for waited_s, pause_s in clock.pauses)


def test_a_wait_that_is_measured_asks_as_often_to_its_end(clock: Clock) -> None:
    until(lambda: clock.now_s, lambda now_s: now_s > 2 * LONGEST_S / SHARE, every_s=SHORTEST_S)
    assert {pause_s for _, pause_s in clock.pauses} == {SHORTEST_S}
