"""The share of a window in which no call of the model runs, however many run at once."""

from collections.abc import Callable

import pytest

from deploy.benchmark.word_passes import TimedModel


class Clock:
    """Seconds, as a test sets them."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class Model:
    """A model whose call does what the test gives it."""

    dimension = 512

    def align(self, meanwhile: Callable[[], None]) -> str:
        meanwhile()
        return "aligned"


def test_calls_side_by_side_count_once() -> None:
    clock = Clock()
    model = TimedModel(Model(), clock)

    def for_a_second() -> None:
        clock.now_s += 1

    def beside_another() -> None:
        clock.now_s += 1
        assert model.align(for_a_second) == "aligned"
        clock.now_s += 1

    model.align(beside_another)
    clock.now_s += 10
    model.align(for_a_second)
    assert model.seconds == 4
    assert model.dimension == 512


def test_a_call_that_fails_ends() -> None:
    clock = Clock()
    model = TimedModel(Model(), clock)

    def fails() -> None:
        clock.now_s += 2
        raise RuntimeError("no memory")

    with pytest.raises(RuntimeError):
        model.align(fails)
    clock.now_s += 5
    model.align(lambda: None)
    assert model.seconds == 2
