"""Errors of the machine in the consumers' loop: no memory, a full disk, a lost accelerator."""

import errno
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from consumers.runtime.outcome import Outcome, Record
from schemas import topics
from tests.consumer_loop import Broker, Picky, Work, loop_of, message, of


def without_threads() -> RuntimeError:
    """The error of a pool that is to start a thread on a machine that has no more."""
    former = threading.stack_size(1 << 46)  # no memory holds such a thread
    try:
        with ThreadPoolExecutor(1) as pool, pytest.raises(RuntimeError) as met:
            pool.submit(print)
    finally:
        threading.stack_size(former)
    return met.value


OF_MACHINE = [
    MemoryError(),
    OSError(errno.ENOSPC, "full"),
    BlockingIOError(errno.EAGAIN, "no process for the decoder"),
    without_threads(),
    RuntimeError("CUDA error: lost"),
]


@pytest.mark.parametrize("error", OF_MACHINE, ids=repr)
def test_an_error_of_the_machine_commits_nothing_and_uses_no_attempt_up(error: Exception) -> None:
    def fails() -> list[Outcome]:
        raise error

    broker = Broker([[message()]])
    broker.loop = loop_of(broker, Work(broker.history, fails))
    with pytest.raises(type(error)):
        broker.loop.run()
    assert broker.history == ["attempt 1", "effect", "attempt 0"]


class Cramped(Picky):
    """A step whose accelerator has memory for so many records at a time."""

    def __init__(self, room: int, error: Exception) -> None:
        super().__init__(set())
        self._room = room
        self._error = error

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        if len(records) > self._room:
            raise self._error
        return super().process(records)


NO_ROOM = (
    RuntimeError("CUDA failed with error out of memory"),
    RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate"),
    RuntimeError("DefaultCPUAllocator: can't allocate memory"),
    MemoryError(),
    OSError(errno.ENOMEM, "no memory"),
)


@pytest.mark.parametrize("error", NO_ROOM, ids=str)
@pytest.mark.parametrize("room", [1, 2, 5])
def test_a_batch_for_which_there_is_no_memory_is_halved(room: int, error: Exception) -> None:
    broker = Broker([[of(1, n) for n in range(8)]])
    cramped = Cramped(room, error)
    broker.loop = loop_of(broker, cramped)
    broker.loop.run()
    assert cramped.done == list(range(8))
    assert {one.topic for one in broker.sent} == {topics.INBOUND.name}
    assert broker.history[-1] == "commit 8"


@pytest.mark.parametrize("error", NO_ROOM, ids=str)
def test_a_machine_without_memory_for_one_record_makes_no_dead_letter(error: Exception) -> None:
    broker = Broker([[of(1, n) for n in range(8)]])
    broker.loop = loop_of(broker, Cramped(0, error))
    with pytest.raises(type(error)):
        broker.loop.run()
    assert broker.sent == []
