"""A worker is ready when its event loop said so a moment ago, and one that never is gets ended."""

import threading

from streams.readiness import SILENCE_S, STALLED, Readiness, watch


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_not_ready_before_the_first_note() -> None:
    assert not Readiness().now


def test_the_last_note_counts_while_it_is_fresh() -> None:
    clock = Clock()
    readiness = Readiness(clock)
    readiness.note(is_ready=True)
    assert readiness.now
    readiness.note(is_ready=False)
    assert not readiness.now


def test_an_event_loop_that_went_silent_is_not_ready() -> None:
    clock = Clock()
    readiness = Readiness(clock)
    readiness.note(is_ready=True)
    clock.now = SILENCE_S
    assert not readiness.now


def test_a_worker_that_never_gets_ready_is_ended() -> None:
    ended: list[int] = []
    watch(lambda: False, stall_s=0.05, end=ended.append).join(timeout=10)
    assert ended == [STALLED]


def test_a_worker_that_gets_ready_is_left_alone_until_it_no_longer_is() -> None:
    answers = iter([True] * 100)
    asked = threading.Event()

    def ready() -> bool:
        asked.set()
        return next(answers, False)

    ended: list[int] = []
    thread = watch(ready, stall_s=0.06, end=ended.append)
    assert asked.wait(timeout=10)
    thread.join(timeout=10)
    assert next(answers, None) is None
    assert ended == [STALLED]
