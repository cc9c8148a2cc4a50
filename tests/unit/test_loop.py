"""The consumers' loop: effects, then a confirmed publish, then the commit.

Attempts counted before they run.
"""

import errno
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future

import pytest

from adapters.kafka.dead_letters import Letters
from adapters.kafka.ends import Place
from adapters.kafka.fetched import Fetched
from adapters.kafka.fuse import LEAST_FAILED, Fuse, FuseOpened
from adapters.kafka.publisher import Outgoing
from adapters.kafka.transactional_calls import StaleMemberError
from adapters.process import retry
from adapters.process.retry import TransientError
from consumers.runtime.loop import MAX_ATTEMPTS, Loop
from consumers.runtime.outcome import DeadLettered, Done, Outcome, Postponed, Record, Step
from schemas import topics
from schemas.codec import decode, encode
from schemas.ids import SessionId
from schemas.letter_events import LetterWritten
from schemas.rejections import Header, Reason
from schemas.session_events import Tick
from schemas.stage_names import StageName

TICK = Tick(occurred_at_ms=1, session_id=SessionId("s"), now_ms=1)
PLACE = (topics.INBOUND.name, 0)


def at_once() -> Future[None]:
    """A commit that the broker has answered."""
    done = Future[None]()
    done.set_result(None)
    return done


class Broker:
    """Consumer and publisher in one, writing down what happens in which order."""

    def __init__(self, batches: list[list[Fetched]], attempts: int = 0) -> None:
        self.batches = batches
        self.sent = list[Outgoing]()
        self.history = list[str]()
        self._attempts = attempts
        self.polled_while_busy = 0
        self.asked = 0
        self.loop: Loop | None = None

    def poll(self, most: int, wait_s: float) -> list[Fetched]:
        if wait_s < 0.1:
            self.polled_while_busy += 1
            time.sleep(0.001)
            return []
        if not self.batches:
            assert self.loop is not None
            self.loop.stop()
            return []
        return self.batches.pop(0)

    def hold(self, topics: frozenset[str]) -> None: ...

    def attempts(self, offsets: Mapping[Place, int]) -> dict[Place, int]:
        self.asked += 1
        return dict.fromkeys(offsets, self._attempts)

    def begin(self, place: Place, offset: int, attempt: int) -> Future[None]:
        self.history.append(f"attempt {attempt}")
        return at_once()

    def membership(self) -> object:
        return "member"

    def take_ends(self, besides: set[Place]) -> dict[Place, int]:
        return {}

    def commit(
        self, messages: Sequence[Outgoing], offsets: Mapping[Place, int], group: object
    ) -> dict[Place, int]:
        self.sent += messages
        self.history += [f"publish {message.topic}" for message in messages]
        self.history += [f"commit {offset}" for offset in offsets.values()]
        return {}


class Work:
    """A step that does what it is told."""

    name = "work"
    batch_size = 1
    counts_attempts = True
    gather_s = 0.0

    def __init__(self, history: list[str], does: Callable[[], list[Outcome]]) -> None:
        self._history = history
        self._does = does

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        self._history.append("effect")
        return self._does()

    def give_up(self, record: Record, reason: Reason, detail: str) -> DeadLettered:
        return DeadLettered(reason, detail)


def nobodys(sessions: set[SessionId]) -> dict[SessionId, str]:
    """No session is listed."""
    return {}


def loop_of(broker: Broker, step: Step) -> Loop:
    letters = Letters(StageName.CLUSTER, lambda: 1)
    fuse = Fuse(StageName.CLUSTER, nobodys)
    return Loop(broker, broker, step, [topics.INBOUND], letters, fuse)


def runs(broker: Broker, does: Callable[[], list[Outcome]] = lambda: [Done()]) -> bool:
    """Whether the loop finished its batches; the broker stops it when it has no more."""
    broker.loop = loop_of(broker, Work(broker.history, does))
    return broker.loop.run()


def run(
    batches: list[list[Fetched]], does: Callable[[], list[Outcome]], attempts: int = 0
) -> Broker:
    broker = Broker(batches, attempts)
    runs(broker, does)
    return broker


def message(offset: int = 5, value: bytes | None = None) -> Fetched:
    return Fetched(*PLACE, offset, b"s", encode(TICK) if value is None else value)


def test_effect_then_publish_then_commit() -> None:
    broker = run([[message()]], lambda: [Done(((topics.INBOUND, TICK),))])
    assert broker.history == ["attempt 1", "effect", f"publish {topics.INBOUND.name}", "commit 6"]


def test_it_polls_while_it_works() -> None:
    def slow() -> list[Outcome]:
        time.sleep(0.3)
        return [Done()]

    broker = run([[message()]], slow)
    assert broker.polled_while_busy > 3


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


class Blocking(Broker):
    """A poll that may wait waits until somebody ends it; nobody does while work is going on."""

    def __init__(self, batches: list[list[Fetched]]) -> None:
        super().__init__(batches)
        self.waited_in_work = 0.0
        self.is_working = threading.Event()

    def poll(self, most: int, wait_s: float) -> list[Fetched]:
        if self.is_working.is_set():
            self.waited_in_work = max(self.waited_in_work, wait_s)
        return super().poll(most, wait_s)


def test_the_end_of_work_is_not_waited_for_in_a_poll() -> None:
    def slow() -> list[Outcome]:
        broker.is_working.set()
        time.sleep(0.1)
        broker.is_working.clear()
        return [Done()]

    broker = Blocking([[message()]])
    broker.loop = loop_of(broker, Work(broker.history, slow))
    broker.loop.run()
    assert broker.polled_while_busy
    assert broker.waited_in_work == 0


@pytest.mark.parametrize(
    "error", [MemoryError(), OSError(errno.ENOSPC, "full"), RuntimeError("CUDA error: lost")]
)
def test_an_error_of_the_machine_commits_nothing_and_uses_no_attempt_up(error: Exception) -> None:
    def fails() -> list[Outcome]:
        raise error

    broker = Broker([[message()]])
    broker.loop = loop_of(broker, Work(broker.history, fails))
    with pytest.raises(type(error)):
        broker.loop.run()
    assert broker.history == ["attempt 1", "effect", "attempt 0"]


def test_a_defect_that_one_message_meets_is_its_dead_letter() -> None:
    def fails() -> list[Outcome]:
        raise ZeroDivisionError

    broker = run([[message()]], fails)
    letter, written = broker.sent
    assert letter.headers[Header.REASON] == Reason.STEP_FAILED
    assert letter.headers[Header.DETAIL] == "ZeroDivisionError"
    event = decode(topics.LETTERS, written.value)
    assert isinstance(event, LetterWritten)
    assert (event.session_id, event.reason, event.offset) == ("s", Reason.STEP_FAILED, 5)
    assert broker.history[-1] == "commit 6"


def test_what_killed_its_worker_three_times_is_not_run_again() -> None:
    broker = run([[message()]], lambda: [Done()], attempts=MAX_ATTEMPTS)
    assert "effect" not in broker.history
    assert broker.sent[0].topic == topics.INBOUND.dead_letters
    assert broker.sent[0].headers[Header.REASON] == Reason.ATTEMPTS_EXHAUSTED
    assert broker.history[-1] == "commit 6"


def test_what_is_not_an_event_is_a_dead_letter_with_its_place() -> None:
    broker = run([[message(7, b"nonsense")]], list)
    letter, written = broker.sent
    assert written.topic == topics.LETTERS.name
    assert (letter.value, letter.headers[Header.REASON], letter.headers[Header.OFFSET]) == (
        b"nonsense",
        Reason.NOT_JSON,
        "7",
    )
    assert broker.history[-1] == "commit 8"


def test_what_was_revoked_meanwhile_is_neither_published_nor_committed() -> None:
    broker = Broker([[message()]])

    def revoked() -> list[Outcome]:
        assert broker.loop is not None
        broker.loop.on_revoke({PLACE})
        return [Done(((topics.INBOUND, TICK),))]

    broker.loop = loop_of(broker, Work(broker.history, revoked))
    broker.loop.run()
    assert broker.history == ["attempt 1", "effect"]


def of(session: int, offset: int, value: bytes | None = None) -> Fetched:
    """A message of a session of its own."""
    tick = Tick(occurred_at_ms=1, session_id=SessionId(f"s{session}"), now_ms=1)
    key = tick.session_id.encode()
    return Fetched(*PLACE, offset, key, encode(tick) if value is None else value)


def lettered() -> list[Outcome]:
    return [DeadLettered(Reason.OBJECT_MISSING, "")]


def test_dead_letters_of_many_sessions_open_the_fuse() -> None:
    broker = Broker([[of(n, n)] for n in range(LEAST_FAILED)])
    broker.loop = loop_of(broker, Work(broker.history, lettered))
    with pytest.raises(FuseOpened):
        broker.loop.run()
    assert broker.history[-1] == "effect"  # the message that opened it is not committed


@pytest.mark.parametrize("value", [None, b"no event"])
def test_a_hundred_dead_letters_of_one_session_do_not(value: bytes | None) -> None:
    broker = run([[of(1, n, value)] for n in range(100)], lettered)
    assert len(broker.sent) == 200


def test_a_batch_that_opens_the_fuse_is_not_drained() -> None:
    broker = Broker([[of(n, n, b"no event") for n in range(100)]])
    work = Work(broker.history, lettered)
    work.batch_size = 100
    broker.loop = loop_of(broker, work)
    with pytest.raises(FuseOpened):
        broker.loop.run()
    assert (broker.sent, broker.history) == ([], [])


class Picky:
    """A step that cannot handle some offsets, and handles a batch whole or not at all."""

    name = "picky"
    batch_size = 8
    counts_attempts = False
    gather_s = 0.0

    def __init__(self, bad: set[int]) -> None:
        self._bad = bad
        self.done: list[int] = []
        self.sizes: list[int] = []

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        self.sizes.append(len(records))
        if self._bad & {record.offset for record in records}:
            raise KeyError
        self.done += [record.offset for record in records]
        return [Done(((topics.INBOUND, record.event),)) for record in records]

    def give_up(self, record: Record, reason: Reason, detail: str) -> DeadLettered:
        return DeadLettered(reason, detail)


@pytest.mark.parametrize(("gather_s", "sizes"), [(0.0, [1, 1, 1]), (0.2, [3])])
def test_a_batch_waits_for_its_others_where_the_step_asks_for_it(
    gather_s: float, sizes: list[int]
) -> None:
    broker = Broker([[of(1, offset)] for offset in range(3)])
    picky = Picky(set())
    picky.batch_size = 3
    picky.gather_s = gather_s
    broker.loop = loop_of(broker, picky)
    broker.loop.run()
    assert picky.sizes == sizes


@pytest.mark.parametrize("bad", [{0}, {7}, {2, 5}, {3, 4}, set(range(8))])
def test_a_batch_is_halved_until_the_bad_ones_are_found(bad: set[int]) -> None:
    broker = Broker([[of(1, n) for n in range(8)]])
    picky = Picky(bad)
    broker.loop = loop_of(broker, picky)
    broker.loop.run()
    assert sorted(picky.done) == [n for n in range(8) if n not in bad]
    letters = [one for one in broker.sent if one.topic == topics.INBOUND.dead_letters]
    assert [letter.headers[Header.OFFSET] for letter in letters] == [str(n) for n in sorted(bad)]
    assert broker.history[-1] == "commit 8"


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


class Patient(Picky):
    """A step in which offset 1 waits until offset 3 is done."""

    batch_size = 1

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        (record,) = records
        if record.offset == 1 and 3 not in self.done:
            return [Postponed("for 3")]
        return super().process(records)


def test_what_waits_is_committed_last_and_nobody_waits_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("consumers.runtime.postponed.LOOK_S", 0.0)
    broker = Broker([[of(1, 1)], [of(1, 2)], [of(1, 3)], []])
    patient = Patient(set())
    broker.loop = loop_of(broker, patient)
    broker.loop.run()
    assert patient.done == [2, 3, 1]
    commits = [step for step in broker.history if step.startswith("commit")]
    assert set(commits[:-1]) == {"commit 1"}
    assert commits[-1] == "commit 4"


def test_sigterm_finishes_the_batch_in_hand_and_takes_no_other() -> None:
    broker = Broker([[message(5)], [message(6)]])

    def told_to_stop() -> list[Outcome]:
        assert broker.loop is not None
        broker.loop.stop()
        return [Done()]

    broker.loop = loop_of(broker, Work(broker.history, told_to_stop))
    broker.loop.run()
    assert broker.history == ["attempt 1", "effect", "commit 6"]


@pytest.fixture
def stop_waiting() -> Iterator[Callable[[], None]]:
    """SIGTERM for everything that waits in this process, until the test ends."""
    yield retry.stop_waiting
    retry._stopping.clear()


def test_sigterm_while_a_server_is_away_gives_the_batch_up_and_its_attempt_back(
    stop_waiting: Callable[[], None],
) -> None:
    broker = Broker([[message(5)]])

    def away() -> list[Outcome]:
        assert broker.loop is not None
        broker.loop.stop()
        stop_waiting()
        raise TransientError("the object store is away")

    broker.loop = loop_of(broker, Work(broker.history, away))
    assert not broker.loop.run()
    assert broker.history[0] == "attempt 1"
    assert broker.history[-1] == "attempt 0"
    assert not [line for line in broker.history if line.startswith("commit")]


def test_a_server_that_stays_away_ends_the_process_and_uses_up_no_attempt(
    stop_waiting: Callable[[], None],
) -> None:
    broker = Broker([[message(5)]])

    def away() -> list[Outcome]:
        stop_waiting()  # as if the patience were over
        raise TransientError("the object store is away")

    broker.loop = loop_of(broker, Work(broker.history, away))
    with pytest.raises(TransientError):
        broker.loop.run()
    assert broker.history[-1] == "attempt 0"


class Fencing(Broker):
    """Refuses the first number of an attempt: the group has gone on without this member."""

    def begin(self, place: Place, offset: int, attempt: int) -> Future[None]:
        super().begin(place, offset, attempt)
        refused = Future[None]()
        refused.set_exception(TransientError("kafka: UNKNOWN_MEMBER_ID"))
        return refused

    def poll(self, most: int, wait_s: float) -> list[Fetched]:
        if self.history:
            assert self.loop is not None
            self.loop.on_revoke({PLACE})
        return super().poll(most, wait_s)


def test_a_batch_of_a_member_that_the_group_dropped_is_given_up_before_it_runs() -> None:
    broker = Fencing([[message(5)]])
    broker.loop = loop_of(broker, Work(broker.history, lambda: [Done()]))
    broker.loop.run()
    assert broker.history == ["attempt 1"]


class Eager(Broker):
    """Hands out a message at every poll that is not paused, also while work is going on."""

    paused = False
    fetched_ahead = 0

    def poll(self, most: int, wait_s: float) -> list[Fetched]:
        if self.paused:
            time.sleep(0.001)
            return []
        if wait_s < 0.1:
            self.fetched_ahead += 1
        return super().poll(most, 1.0)

    def hold(self, topics: frozenset[str]) -> None:
        self.paused = bool(topics)


def test_the_next_messages_are_fetched_while_one_is_worked_on_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("consumers.runtime.lanes.AHEAD", 1)
    ahead: list[int] = []

    def slow() -> list[Outcome]:
        until_s = time.monotonic() + 2
        while broker.fetched_ahead <= len(ahead) < 2 and time.monotonic() < until_s:
            time.sleep(0.001)
        time.sleep(0.05)
        ahead.append(broker.fetched_ahead)
        return [Done()]

    broker = Eager([[message(offset)] for offset in (5, 6, 7)])
    broker.loop = loop_of(broker, Work(broker.history, slow))
    broker.loop.run()
    assert [step for step in broker.history if step.startswith("commit")] == [
        "commit 6",
        "commit 7",
        "commit 8",
    ]
    assert ahead[:2] == [1, 2]


class Joined(Eager):
    """While it is paused it gets a message of a partition that came just now, and work ends."""

    def __init__(self) -> None:
        super().__init__([[message(5)], [message(6)]])
        self.may_end = threading.Event()
        self.has_ended = threading.Event()

    def poll(self, most: int, wait_s: float) -> list[Fetched]:
        if self.paused and wait_s >= 0.1:  # a loop that fetches nothing for ever
            self.batches.clear()
            return Broker.poll(self, most, wait_s)
        if not self.paused or self.may_end.is_set():
            return super().poll(most, wait_s)
        self.may_end.set()
        self.has_ended.wait(5)
        time.sleep(0.05)
        return [message(7)]


def test_nothing_stays_paused_when_a_partition_comes_while_all_are_paused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("consumers.runtime.lanes.AHEAD", 1)
    broker = Joined()
    outcomes = iter(list[list[Outcome]]([[Done()], [Done(), Done()]]))

    def works() -> list[Outcome]:
        broker.may_end.wait(5)
        broker.has_ended.set()
        return next(outcomes)

    work = Work(broker.history, works)
    work.batch_size = 2
    broker.loop = loop_of(broker, work)
    broker.loop.run()
    assert not broker.paused


class Refusing(Broker):
    """The group has gone on: it refuses the first commit. `is_lost`: it took the partition away."""

    def __init__(self, is_lost: bool) -> None:
        super().__init__([[message()]])
        self.is_lost = is_lost
        self.refused = 0

    def poll(self, most: int, wait_s: float) -> list[Fetched]:
        if self.refused and self.is_lost:
            assert self.loop is not None
            self.loop.on_revoke({PLACE})
        return super().poll(most, wait_s)

    def commit(
        self, messages: Sequence[Outgoing], offsets: Mapping[Place, int], group: object
    ) -> dict[Place, int]:
        self.refused += 1
        if self.refused == 1:
            raise StaleMemberError("the epoch of before")
        return super().commit(messages, offsets, group)


@pytest.mark.parametrize(("is_lost", "seen"), [(True, []), (False, ["commit 6"])])
def test_a_refused_batch_is_dropped_when_it_is_lost_and_tried_again_when_it_is_not(
    is_lost: bool, seen: list[str]
) -> None:
    broker = Refusing(is_lost)
    work = Work(broker.history, lambda: [Done()])
    broker.loop = loop_of(broker, work)
    broker.loop.run()
    assert broker.history == ["attempt 1", "effect", *seen]


class Unknown(Broker):
    """The group does not know the member, and the member does not hear of it, for `times` tries."""

    def __init__(self, times: float) -> None:
        super().__init__([[message()]])
        self.left = times

    def commit(
        self, messages: Sequence[Outgoing], offsets: Mapping[Place, int], group: object
    ) -> dict[Place, int]:
        self.left -= 1
        if self.left >= 0:
            raise StaleMemberError("kafka: UNKNOWN_MEMBER_ID")
        return super().commit(messages, offsets, group)


def test_a_membership_is_waited_for_by_the_clock_and_not_by_tries() -> None:
    """A poll ends with a message: fifty tries were over before the client had a connection."""
    broker = Unknown(times=200)
    assert runs(broker)
    assert broker.history == ["attempt 1", "effect", "commit 6"]


def test_a_member_that_is_refused_for_ever_ends_its_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("consumers.runtime.loop.STALE_S", 0.05)
    broker = Unknown(times=float("inf"))
    with pytest.raises(RuntimeError, match="refuses every membership"):
        runs(broker)


def test_a_membership_is_not_waited_for_when_the_process_must_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("consumers.runtime.loop.DRAIN_S", 0.05)
    broker = Unknown(times=float("inf"))
    assert not runs(broker)
    assert broker.history == ["attempt 1", "effect", "attempt 0"]


class Ending(Broker):
    """The partition ends with a marker behind each message; another partition has only markers."""

    def take_ends(self, besides: set[Place]) -> dict[Place, int]:
        ends = {PLACE: 7, (topics.INBOUND.name, 1): 9}
        return {place: end for place, end in ends.items() if place not in besides}

    def commit(
        self, messages: Sequence[Outgoing], offsets: Mapping[Place, int], group: object
    ) -> dict[Place, int]:
        self.history.append(f"commit {sorted(offsets.values())}")
        return {}


def test_a_group_reaches_the_end_of_a_log_of_transactions() -> None:
    broker = Ending([[message(5)]])
    broker.loop = loop_of(broker, Work(broker.history, lambda: [Done()]))
    broker.loop.run()
    assert broker.history[2] == "commit [7, 9]"


def test_an_end_behind_a_message_that_waits_is_not_committed() -> None:
    broker = Ending([[message(5), message(6)]])
    broker.loop = loop_of(broker, Work(broker.history, lambda: [Done()]))
    broker.loop.run()
    assert broker.history[2] == "commit [6, 9]"


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


def test_what_kills_a_batch_is_found_and_given_up_and_its_neighbours_are_done() -> None:
    def waiting() -> list[Fetched]:
        places = [(0, 5), (0, 6), (1, 5), (2, 5)]
        return [
            Fetched(topics.INBOUND.name, p, o, b"s", encode(TICK))
            for p, o in places
            if f"{p}:{o}" not in committed
        ]

    broker = Batches([])
    killer = Killer()
    committed = set[str]()
    crashes = 0
    while left := waiting():
        broker.batches = [left]
        broker.history = []
        broker.loop = loop_of(broker, killer)
        try:
            broker.loop.run()
        except KilledError:
            crashes += 1
        for step in broker.history:
            place, _, after = step.removeprefix("commit ").partition(":")
            if step.startswith("commit"):
                committed |= {f"{place}:{offset}" for offset in range(5, int(after))}
    assert crashes == MAX_ATTEMPTS
    assert sorted(killer.done) == [(0, 5), (0, 6), (2, 5)]
    assert [letter.headers[Header.OFFSET] for letter in broker.sent[::2]] == ["5"]
