"""Disturbances of streams workers: pauses after which they go on, kills, comings and goings."""

import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.devstack.streams_bed import StreamsBed, Worker, streams_bed
from deploy.meanwhile import meanwhile
from deploy.waiting import until
from tests.sessions_on_topics import Answers, Phones

SESSIONS = 24
CHUNKS = 200
"""Of each session, while a worker is paused."""
PAUSE_S = 14.0
"""Longer than the session time-out of the workers' consumer groups."""
AFTER_S = 5.0
"""A worker that goes on gets so long to write what it held."""
LIMIT_S = 240.0
NOTICED_S = 1.0
"""Chunks of so long after the end of a worker wait for the new owners of its partitions."""
LONGEST_PAUSE_S = 10.0
"""A session may wait so long when a worker ends: the time-out of the group, and a recovery.

It is a promise for a machine that does nothing else.
"""
RATE = 3
"""Chunks a second of each session of a storm: for half an hour its numbers are enough."""


@contextmanager
def bed(folder: Path) -> Iterator[StreamsBed]:
    """Servers of its own: nothing else speaks to its workers."""
    with streams_bed(folder, GRACE_MS="8000") as up:
        yield up


@pytest.fixture
def disturbed_bed(tmp_path: Path) -> Iterator[StreamsBed]:
    """The same as a fixture."""
    with bed(tmp_path) as up:
        yield up


@dataclass(frozen=True)
class Verdict:
    """Faults are empty when nothing was lost, doubled or stale."""

    chunks: int
    longest_pause_s: float
    faults: list[str]

    def print(self, name: str) -> None:
        """Print the figures of a run."""
        figures = f"{self.chunks} chunks, longest pause of a session {self.longest_pause_s:.1f} s"
        print(f"{name}: {figures}, {len(self.faults)} faults", *self.faults[:40], sep="\n  ")


def pauses(bed: StreamsBed, rounds: int) -> Verdict:
    """Return the verdict on `rounds` pauses, and print its figures. Blocking, minutes."""
    verdict = _zombie(bed, rounds, CHUNKS)
    verdict.print(f"pauses: {rounds}")
    return verdict


def storms(bed: StreamsBed, rounds: int) -> Verdict:
    """Return the verdict on `rounds` storms in random order, and print figures and seed. Blocking.

    The seed repeats the order.
    """
    seed = time.time_ns()
    verdict = _storm(bed, rounds, random.Random(seed))
    verdict.print(f"1 to 4 to 1 workers, rounds: {rounds}, seed {seed}")
    return verdict


def _zombie(bed: StreamsBed, rounds: int, chunks: int) -> Verdict:
    """One of two workers is paused while events wait in it; the other takes over; it goes on.

    Then both are killed and one starts again: the sessions are sealed from the changelog alone.
    """
    workers = _ready(bed, {}, 2)
    phones = Phones(bed.settings.kafka, SESSIONS)
    with Answers(bed.settings.kafka) as answers:
        for number in range(rounds):
            workers = _ready(bed, workers, 2)
            _pause(workers[number % 2], phones, answers, chunks)
        for worker in workers.values():
            worker.kill()
        _ready(bed, {}, 1)
        return _sealed(answers, phones)


def _pause(worker: Worker, phones: Phones, answers: Answers, chunks: int) -> None:
    before = answers.known(phones)
    recording = threading.Thread(target=phones.record, args=(chunks,))
    recording.start()
    until(lambda: answers.known(phones) > before, bool, LIMIT_S, every_s=0.01)
    worker.signal(signal.SIGSTOP)
    recording.join()
    print(f"{worker.name} is paused, {answers.known(phones) - before} answers are there")
    time.sleep(PAUSE_S)
    answers.await_known(phones, LIMIT_S)
    worker.signal(signal.SIGCONT)
    time.sleep(AFTER_S)


def _storm(bed: StreamsBed, rounds: int, dice: random.Random) -> Verdict:
    """Under load one worker becomes four, then one, by SIGTERM and kill -9 in random order."""
    workers = _ready(bed, {}, 1)
    phones = Phones(bed.settings.kafka, SESSIONS)
    with Answers(bed.settings.kafka) as answers:
        with _recording(phones):
            for _ in range(rounds):
                workers = _ready(bed, workers, 4)
                _thin_out(workers, dice, lambda: _go_on(answers, phones))
        answers.await_known(phones, LIMIT_S)
        return _sealed(answers, phones)


@contextmanager
def _recording(phones: Phones) -> Iterator[None]:
    """Every session goes on, RATE chunks a second, until the block ends."""
    with meanwhile(lambda: phones.record(1), 1 / RATE):
        yield


def _thin_out(workers: dict[int, Worker], dice: random.Random, go_on: Callable[[], None]) -> None:
    """End all workers but one. A worker ends when all sessions go on after the end before."""
    ends = [Worker.kill, Worker.stop, Worker.kill]
    dice.shuffle(ends)
    go_on()
    for end in ends:
        number = dice.choice(sorted(workers))
        print(f"{end.__name__} {workers[number].name}")
        end(workers.pop(number))
        go_on()


def _go_on(answers: Answers, phones: Phones) -> None:
    """Block until chunks that every session sends from now on are answered.

    A second end before that would add its own time-out to the pause: a pause is of one end.
    """
    time.sleep(NOTICED_S)
    answers.await_these(set(phones.sent_at), LIMIT_S)


def _ready(bed: StreamsBed, workers: dict[int, Worker], count: int) -> dict[int, Worker]:
    """Return `count` workers that are ready: those that run, and new ones. Blocking."""
    running = {number: worker for number, worker in workers.items() if worker.runs()}
    for number in range(count):
        if number not in running and len(running) < count:
            running[number] = bed.worker(number)
            running[number].await_ready()
    for worker in running.values():
        worker.await_ready()
    return running


def _sealed(answers: Answers, phones: Phones) -> Verdict:
    phones.stop()
    answers.await_sealed(phones, LIMIT_S)
    faults = answers.faults(phones)
    phones.close()
    return Verdict(len(phones.sent_at), answers.longest_pause_s(phones), faults)
