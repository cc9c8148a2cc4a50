"""A short session does not wait behind a long upload, and the workers end at about one time."""

import itertools
from collections import Counter, deque
from collections.abc import Iterable

import pytest
from msgspec.structs import replace

from adapters.kafka.fetched import Fetched
from adapters.kafka.publisher import outgoing
from consumers.runtime.lanes import TURNS, Lanes
from schemas import stages, topics
from schemas.codec import decode, encode
from schemas.event import Event
from schemas.ids import SessionId, UserId
from schemas.partitions import partition_of
from schemas.phone_events import ChunkUploaded, Consent, SessionEnded, SessionStarted
from schemas.speech_events import BacklogWindowReady, WindowReady, WindowTranscribed, WindowVoiced
from schemas.topics import BY_NAME
from streams.sessions.fold import shape
from streams.sessions.state import Rules
from streams.store import Store

READS = stages.TRANSCRIBE.reads
IN_FLIGHT = 8
RULES = Rules(
    window_ms=20_000,
    margin_before_ms=10_000,
    in_flight=IN_FLIGHT,
    grace_ms=30_000,
    gap_wait_ms=60_000,
    idle_ms=600_000,
    patience_ms=120_000,
    lexicon="1",
)
LONG = 4 * 120
"""Chunks of 30 s of a session of hours."""
SHORT = 2
"""The same, of a session of a minute."""
OLD = 100
"""Sessions that catch up."""


HOUR_MS = 3600_000


def session(name: str, chunks: int, age_ms: int | None = None, ahead_ms: int = 0) -> list[Event]:
    """Recorded from 0 on, and uploaded meanwhile, or else at once, so long after it began.

    The phone's clock is `ahead_ms` ahead.
    """
    who = SessionId(name)
    owner = UserId(name)
    started = SessionStarted(
        occurred_at_ms=age_ms or 0,
        session_id=who,
        owner=owner,
        time_zone="UTC",
        recorded_at_ms=ahead_ms,
        consent=Consent(text_version="1", agreed_at_ms=0),
    )
    sent = [
        ChunkUploaded(
            occurred_at_ms=(n + 1) * 30_000 if age_ms is None else age_ms + 1,
            session_id=who,
            owner=owner,
            seq=n,
            sha256=f"{n}",
            size=1,
            content_type="x",
            start_ms=n * 30_000,
            duration_ms=30_000,
        )
        for n in range(chunks)
    ]
    return [
        started,
        *sent,
        SessionEnded(
            occurred_at_ms=chunks * 30_000 if age_ms is None else age_ms,
            session_id=who,
            owner=owner,
            chunks=chunks,
        ),
    ]


def results(window: WindowReady) -> list[Event]:
    shared = {
        "occurred_at_ms": 3,
        "session_id": window.session_id,
        "window": window.window,
        "revision": 1,
        "result": None,
        "failed": None,
    }
    kinds = (WindowTranscribed, WindowVoiced)
    return [
        k(
            missing=(),
            model="m",
            work_ms=1,
            **shared,  # type: ignore[arg-type]
        )
        for k in kinds
    ]


class Stack:
    """Windows lie in one queue for each topic, as they would in the logs.

    A worker takes them as its loop does, with one of each in front of it.
    """

    def __init__(self) -> None:
        self._held: dict[str, bytes] = {}
        self._logs = {topic.name: deque[WindowReady]() for topic in READS}
        self._offsets = itertools.count()
        self._lanes = Lanes(READS)
        self.sent: list[WindowReady] = []

    @property
    def waiting(self) -> list[WindowReady]:
        return [window for log in self._logs.values() for window in log]

    def tell(self, event: Event) -> None:
        store = Store(self._held.get)
        for topic, sent in shape(RULES).run(store, event):
            if isinstance(sent, WindowReady):
                self._logs[topic.name].append(sent)
                self.sent.append(sent)
        store.write_to(self._held)

    def work(self) -> str:
        self.begin()
        return self.end()

    def begin(self) -> None:
        """A worker takes a window."""
        for name in self._logs.keys() - self._lanes.full():
            if self._logs[name]:
                window = encode(self._logs[name].popleft())
                self._lanes.add([Fetched(name, 0, next(self._offsets), None, window)])
        [self._taken] = self._lanes.take(1, lambda _: True)

    def end(self) -> str:
        """It is done with it. Returns whose it was."""
        window = decode(BY_NAME[self._taken.topic], self._taken.value)
        assert isinstance(window, WindowReady)
        for result in results(window):
            self.tell(result)
        return window.session_id


@pytest.mark.parametrize("done_before", [0, 5, 100])
def test_a_short_session_waits_for_what_is_in_flight_and_no_more(done_before: int) -> None:
    stack = Stack()
    for event in session("long", LONG):
        stack.tell(event)
    for _ in range(done_before):
        stack.work()
    for event in session("short", SHORT):
        stack.tell(event)
    own = 60_000 // RULES.window_ms + 1
    done = [stack.work() for _ in range(IN_FLIGHT + own)]
    assert done.count("short") == own
    assert len(stack.waiting) == IN_FLIGHT
    assert LONG * 30_000 // RULES.window_ms + 1 > done_before + 2 * IN_FLIGHT + own


def test_a_live_session_waits_for_the_window_in_progress_whoever_catches_up() -> None:
    stack = Stack()
    for n in range(OLD):
        for event in session(f"old-{n}", 120, HOUR_MS * 24):
            stack.tell(event)
    stack.begin()
    for event in session("live", 20):
        stack.tell(event)
    stack.end()
    own = 20 * 30_000 // RULES.window_ms + 1
    done = [stack.work() for _ in range(own * TURNS // (TURNS - 1))]
    assert done[0] == "live"
    assert done.count("live") == own
    assert {name for name in done if name != "live"}, "those that catch up go on meanwhile"
    assert stack.work() != "live"


def backlog(stack: Stack) -> set[int]:
    return {one.window for one in stack.sent if isinstance(one, BacklogWindowReady)}


def worked_off(events: Iterable[Event]) -> Stack:
    stack = Stack()
    for event in events:
        stack.tell(event)
    while stack.waiting:
        stack.work()
    return stack


def test_a_clock_that_is_ahead_brings_nobody_before_others() -> None:
    """Nor does it put somebody who talks now behind those that catch up."""
    old = worked_off(session("old", 120, HOUR_MS * 2, ahead_ms=24 * HOUR_MS))
    assert backlog(old) == set(range(6, 181)), "its first two minutes may be live"
    live = worked_off(session("live", 120, ahead_ms=24 * HOUR_MS))
    assert not backlog(live)


def test_a_session_that_has_caught_up_is_live_again() -> None:
    stack = Stack()
    *sent, _ = session("late", 60, 30 * 60_000)
    for event in sent:
        stack.tell(event)
    for _ in range(90):
        stack.work()
    behind = [window.window for window in stack.sent if isinstance(window, BacklogWindowReady)]
    assert behind == list(range(84))
    assert [window.window for window in stack.sent[84:]] == list(range(84, 90))


@pytest.mark.parametrize("workers", [2, 3, 4, 6, 8, 12])
@pytest.mark.parametrize("dealt", ["in turns", "in blocks"])
def test_neighbouring_windows_are_dealt_evenly_over_the_workers(workers: int, dealt: str) -> None:
    def share(name: str, first: int, count: int) -> Counter[int]:
        some = Stack()
        for event in session(name, 1):
            some.tell(event)
        windows = [replace(some.waiting[0], window=first + n, event_id="") for n in range(count)]
        partitions = [partition_of(topics.WINDOW_READY, window) or 0 for window in windows]
        return Counter(
            p % workers if dealt == "in turns" else p * workers // topics.WINDOW_PARTITIONS
            for p in partitions
        )

    for name, first, count in itertools.product("abcd", (0, 7), (8, 24, 45, 96)):
        found = share(name, first, count)
        assert max(found.values()) - min(found[n] for n in range(workers)) <= 4


def test_a_window_that_is_sent_again_goes_where_it_was() -> None:
    stack = Stack()
    for event in session("long", 1):
        stack.tell(event)
    first = stack.waiting[0]
    assert (
        outgoing(topics.WINDOW_READY, first).partition
        == outgoing(topics.WINDOW_READY, replace(first, revision=2, event_id="")).partition
    )
