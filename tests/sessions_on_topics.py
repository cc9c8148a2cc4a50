"""Sessions told to Kafka as the gateway tells them, and everything that the sessions fold answers.

Only topics are known here. So the promises hold for any host of the folds.
"""

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from adapters.kafka.fetched import Fetched
from adapters.kafka.publisher import KafkaPublisher, outgoing
from adapters.kafka.reader import LogReader
from deploy.benchmark.event_load import chunk, ended, started
from deploy.uuid7 import new_session_id
from deploy.waiting import until
from schemas import stages, topics
from schemas.codec import decode
from schemas.event import Event
from schemas.ids import EventId
from schemas.limits import CHUNKS, SESSION_MS
from schemas.ranges import size
from schemas.rejections import Rejected
from schemas.session_events import SessionSealed
from schemas.session_rows import SessionListing
from schemas.topics import BY_NAME

CHUNK_MS = SESSION_MS.most // CHUNKS.most
"""So short that a session may have as many chunks as there are numbers."""


class Phones:
    """Sessions that record side by side. A call returns when the broker acknowledged its events."""

    def __init__(self, kafka: str, sessions: int) -> None:
        """Start `sessions` sessions. Blocking."""
        self._publisher = KafkaPublisher(kafka, timeout_s=60)
        self.ids = [new_session_id() for _ in range(sessions)]
        self.chunks = 0
        self.sent_at: dict[EventId, float] = {}
        """When each chunk was acknowledged, seconds of `monotonic`.

        Like the answers it grows on a thread of its own: readers copy it before they walk over it.
        """
        self._publish([started(session) for session in self.ids])

    def record(self, chunks: int) -> None:
        """Send the next `chunks` chunks of every session, one of each session after another."""
        assert self.chunks + chunks <= CHUNKS.most, "a session takes no more chunks"
        for seq in range(self.chunks, self.chunks + chunks):
            events = [chunk(session, seq, duration_ms=CHUNK_MS) for session in self.ids]
            self._publish(events)
            self.sent_at |= {event.event_id: time.monotonic() for event in events}
        self.chunks += chunks

    def stop(self) -> None:
        """Say of every session how many chunks there were."""
        self._publish([ended(session, self.chunks) for session in self.ids])

    def _publish(self, events: Sequence[Event]) -> None:
        self._publisher.publish([outgoing(topics.INBOUND, event) for event in events])

    def close(self) -> None:
        """Give the connections back."""
        self._publisher.close()


@dataclass
class Answers:
    """Outputs of the sessions fold as readers of committed data see them, in the broker's order.

    Reads on a thread of its own, from the first offset of each partition, until the block ends.
    """

    kafka: str
    listings: dict[str, list[SessionListing]] = field(default_factory=lambda: defaultdict(list))
    sealed: dict[str, list[SessionSealed]] = field(default_factory=lambda: defaultdict(list))
    times_seen: Counter[tuple[str, EventId]] = field(default_factory=Counter)
    seen_at: dict[EventId, float] = field(default_factory=dict)
    """When the row that a chunk caused was first seen, seconds of `monotonic`."""

    def __enter__(self) -> Self:
        self._reader = LogReader(self.kafka, "answers")
        self._reader.assign(stages.SESSIONS.writes, ())
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._reader.close()

    def _read(self) -> None:
        while not self._over.is_set():
            message = self._reader.poll(0.05)
            if message is not None:
                self._note(message)

    def _note(self, message: Fetched) -> None:
        try:
            event = decode(BY_NAME[message.topic], message.value)
        except Rejected:  # no answer of a fold: a fault put it there
            return
        self.times_seen[message.topic, event.event_id] += 1
        if isinstance(event, SessionListing):
            self.listings[event.session_id].append(event)
            self.seen_at.setdefault(event.caused_by, time.monotonic())
        if isinstance(event, SessionSealed):
            self.sealed[event.session_id].append(event)

    def known(self, phones: Phones) -> int:
        """Return how many of the chunks that were sent are answered."""
        return sum(event in self.seen_at for event in tuple(phones.sent_at))

    def await_known(self, phones: Phones, timeout_s: float) -> None:
        """Block until every chunk that was sent is answered."""
        self.await_these(set(phones.sent_at), timeout_s)

    def await_these(self, chunks: set[EventId], timeout_s: float) -> None:
        """Block until all of `chunks` are answered."""
        until(lambda: len(chunks - self.seen_at.keys()), lambda left: left == 0, timeout_s)

    def await_sealed(self, phones: Phones, timeout_s: float) -> None:
        """Block until every session is sealed."""
        wanted = len(phones.ids)
        until(lambda: len(self.sealed), lambda sealed: sealed == wanted, timeout_s)

    def longest_pause_s(self, phones: Phones) -> float:
        """Return the longest time from a chunk's acknowledgement to its answer."""
        return max(self.seen_at[event] - sent for event, sent in phones.sent_at.items())

    def faults(self, phones: Phones) -> list[str]:
        """Return everything that is lost, doubled or stale; empty when all is well."""
        doubled = [name for name, times in tuple(self.times_seen.items()) if times > 1]
        lines = [f"{topic}: {event} {self.times_seen[topic, event]}x" for topic, event in doubled]
        for session in phones.ids:
            lines += self._faults_of(session, phones.chunks)
        return lines

    def _faults_of(self, session: str, chunks: int) -> list[str]:
        lines = []
        known = [size(row.received) for row in self.listings[session]]
        if known != sorted(known):
            lines.append(f"{session}: its row went back")
        if self.listings[session][-1].received != ((0, chunks),):
            lines.append(f"{session}: {known[-1]} of {chunks} chunks at the end")
        last = self.sealed[session][-1]
        if (last.generation, last.total_ms, last.gaps) != (1, chunks * CHUNK_MS, ()):
            lines.append(f"{session}: sealed with {last.total_ms} ms, gaps {last.gaps}")
        return lines
