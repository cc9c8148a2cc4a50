"""Attempts are counted before they run: what kills its worker is found, and given up."""

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from typing import NoReturn, cast

import pytest

from adapters.kafka.ends import Place
from adapters.kafka.fetched import Fetched
from adapters.kafka.fuse_gate import FuseGate
from adapters.kafka.publisher import Outgoing
from consumers.runtime.loop import MAX_ATTEMPTS
from consumers.runtime.outcome import DeadLettered, Done, Outcome, Record
from consumers.runtime.process import HUNG, _run
from schemas import topics
from schemas.codec import encode
from schemas.rejections import Header, Reason
from tests.consumer_loop import TICK, Broker, Work, at_once, loop_of, message, run


class Unhurried(Broker):
    """Its polls last as long as they may, and its commits are answered in the third poll."""

    def __init__(self, batches: list[list[Fetched]]) -> None:
        super().__init__(batches)
        self.unanswered: list[Future[None]] = []
        self.polls = 0

    def poll(self, most: int, wait_s: float) -> list[Fetched]:
        if self.unanswered:
            self.polls += 1
        if self.polls == 3:
            for one in self.unanswered:
                one.set_result(None)
            self.unanswered = []
        return super().poll(most, wait_s)

    def begin(self, place: Place, offset: int, attempt: int) -> Future[None]:
        super().begin(place, offset, attempt)
        self.unanswered.append(Future())
        return self.unanswered[-1]


def test_the_attempts_of_a_batch_are_asked_for_and_committed_together() -> None:
    batch = [Fetched(topics.INBOUND.name, n, 5, b"s", encode(TICK)) for n in range(8)]
    broker = Unhurried([batch])
    work = Work(broker.history, lambda: [Done()] * 8)
    work.batch_size = 8
    broker.loop = loop_of(broker, work)
    broker.loop.run()
    assert broker.history[:9] == ["attempt 1"] * 8 + ["effect"]
    assert broker.polls == 3
    assert broker.asked == 2


def test_what_killed_its_worker_three_times_is_not_run_again() -> None:
    broker = run([[message()]], lambda: [Done()], attempts=MAX_ATTEMPTS)
    assert "effect" not in broker.history
    assert broker.sent[0].topic == topics.INBOUND.dead_letters
    assert broker.sent[0].headers[Header.REASON] == Reason.ATTEMPTS_EXHAUSTED
    assert broker.history[-1] == "commit 6"


class Batches(Broker):
    """Several partitions; remembers the attempts of each message, as the commit metadata does."""

    def __init__(self, batches: list[list[Fetched]]) -> None:
        super().__init__(batches)
        self.begun: dict[tuple[Place, int], int] = {}

    def attempts(self, offsets: Mapping[Place, int]) -> dict[Place, int]:
        return {place: self.begun.get((place, offset), 0) for place, offset in offsets.items()}

    def begin(self, place: Place, offset: int, attempt: int) -> Future[None]:
        self.begun[place, offset] = attempt
        return at_once()

    def commit(
        self, messages: Sequence[Outgoing], offsets: Mapping[Place, int], group: object
    ) -> dict[Place, int]:
        self.sent += messages
        self.history += [f"commit {place[1]}:{offset}" for place, offset in offsets.items()]
        return {}


class KilledError(BaseException):
    """Stands for a signal: no part of the product catches it."""


class Killer:
    """A step that dies of partition 1, offset 5, and takes its whole batch with it."""

    name = "killer"
    batch_size = 4
    counts_attempts = True
    gather_s = 0.0

    def __init__(self) -> None:
        self.done: list[tuple[int, int]] = []

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        if any((r.partition, r.offset) == (1, 5) for r in records):
            raise KilledError
        self.done += [(r.partition, r.offset) for r in records]
        return [Done() for _ in records]

    def give_up(self, record: Record, reason: Reason, detail: str) -> DeadLettered:
        return DeadLettered(reason, detail)


NO_EVENT = b"no event"


@pytest.mark.parametrize("junk", [{}, {(1, 4): NO_EVENT}, {(1, 3): NO_EVENT, (1, 4): NO_EVENT}])
def test_what_kills_a_batch_is_found_and_given_up_and_its_neighbours_are_done(
    junk: dict[tuple[int, int], bytes],
) -> None:
    """The attempt of a batch is that of its first message, which may be no event."""
    killer, letters, crashes = killed([(0, 5), (0, 6), *junk, (1, 5), (2, 5)], junk)
    assert crashes == MAX_ATTEMPTS + bool(junk)
    assert sorted(killer.done) == [(0, 5), (0, 6), (2, 5)]
    assert letters == [*junk, (1, 5)]


def test_what_kills_a_worker_behind_junk_is_found() -> None:
    """Before, nobody counted its attempts, and each start of the worker died of it anew."""
    killer, letters, crashes = killed([(1, 4), (1, 5), (1, 6)], {(1, 4): NO_EVENT})
    assert crashes == MAX_ATTEMPTS + 1
    assert killer.done == [(1, 6)]
    assert letters == [(1, 4), (1, 5)]


def killed(
    places: Sequence[tuple[int, int]], values: Mapping[tuple[int, int], bytes]
) -> tuple[Killer, list[tuple[int, int]], int]:
    """The step, the places of the dead letters, and how often the worker died.

    It is started again until all places are committed, as a supervisor does.
    """

    def waiting() -> list[Fetched]:
        return [
            Fetched(topics.INBOUND.name, *one, b"s", values.get(one, encode(TICK)))
            for one in places
            if one not in committed
        ]

    broker = Batches([])
    killer = Killer()
    committed = set[tuple[int, int]]()
    crashes = 0
    while left := waiting():
        assert crashes <= 2 * MAX_ATTEMPTS, "the worker dies for ever"
        broker.batches = [left]
        broker.history = []
        broker.loop = loop_of(broker, killer)
        try:
            broker.loop.run()
        except KilledError:
            crashes += 1
        for step in broker.history:
            if step.startswith("commit"):
                partition, _, after = step.removeprefix("commit ").partition(":")
                committed |= {(int(partition), offset) for offset in range(int(after))}
    headers = [letter.headers for letter in broker.sent[::2]]
    letters = [(int(one[Header.PARTITION]), int(one[Header.OFFSET])) for one in headers]
    return killer, letters, crashes


def test_work_that_hangs_ends_its_process_and_uses_an_attempt_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before, its partitions stood still for as long as the process polled: for ever."""
    monkeypatch.setattr("consumers.runtime.deadlines.HANGS_S", 0.05, raising=False)
    over = threading.Event()

    def hangs() -> list[Outcome]:
        over.wait(10.0)
        return [Done()]

    broker = Broker([[message()]])
    ended: list[int] = []

    def end(status: int) -> NoReturn:
        ended.append(status)
        over.set()  # a test has to end as well
        raise SystemExit(status)

    broker.loop = loop_of(broker, Work(broker.history, hangs))
    with pytest.raises(SystemExit):
        _run(broker.loop, cast(FuseGate, None), end)
    assert ended == [HUNG]
    assert broker.history == ["attempt 1", "effect"]
