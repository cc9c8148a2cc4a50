"""What this gateway knows of sessions: the compacted directory topic, read from its beginning and followed."""

import contextlib
import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from confluent_kafka import Consumer, TopicPartition

from schemas.claim_events import ClaimRejected, SpeakerClaimed, SpeakerReleased
from schemas.codec import DecodeError, decode
from schemas.event import Event
from schemas.people_events import GroupLexicon
from schemas.session_events import RequestAccepted, RequestRejected, SessionListing
from schemas.topics import BY_NAME, CLAIMS_DECIDED, DECIDED, DIRECTORY, GROUPS_LEXICONS, Topic

Decision = SpeakerClaimed | SpeakerReleased | ClaimRejected | RequestAccepted | RequestRejected
FROM_THE_BEGINNING = (DIRECTORY, GROUPS_LEXICONS)
KEPT_DECISIONS = 10_000
"""Answers kept for retries and for requests that come back after a moment; older ones are asked of the read side."""


class Directory:
    """Thread-safe. Listings by session, and decisions by request id, as the log says them."""

    def __init__(self) -> None:
        self._listings: dict[str, SessionListing] = {}
        self._lexicons: dict[str, str] = {}
        self._decisions: dict[str, Decision] = {}
        self._changed = threading.Condition()

    def take(self, event: Event) -> None:
        """Remember what an event says."""
        with self._changed:
            if isinstance(event, SessionListing):
                self._listings[event.session_id] = event
            elif isinstance(event, GroupLexicon):
                self._lexicons[event.group_id] = event.lexicon
            elif isinstance(event, Decision):
                self._decisions[event.request_id] = event
                while len(self._decisions) > KEPT_DECISIONS:
                    self._decisions.pop(next(iter(self._decisions)))
            self._changed.notify_all()

    def listing(self, session_id: str) -> SessionListing | None:
        """The newest row of a session, or None when the log has none yet."""
        with self._changed:
            return self._listings.get(session_id)

    def lexicon_of(self, group_id: str | None) -> str | None:
        """The lexicon with a group's own words, when it has some."""
        with self._changed:
            return self._lexicons.get(group_id) if group_id else None

    def await_decision(self, request_id: str, timeout_s: float) -> Decision | None:
        """Blocking: the decision about a request, or None when it takes longer."""
        with self._changed:
            self._changed.wait_for(lambda: request_id in self._decisions, timeout_s)
            return self._decisions.get(request_id)


class Follower:
    """A daemon thread that feeds a Directory. `ready` is true once the directory was read to its end."""

    def __init__(self, bootstrap: str, directory: Directory) -> None:
        self._directory = directory
        self._behind = threading.Event()
        self._stop = threading.Event()
        config = {"bootstrap.servers": bootstrap, "group.id": f"gateway-{uuid4()}", "enable.auto.commit": False, "log_level": 3}
        self._consumer = Consumer({**config, "auto.offset.reset": "earliest", "fetch.wait.max.ms": 50})
        self._thread = threading.Thread(target=self._run, name="directory", daemon=True)

    def start(self) -> None:
        """Assign every partition: the directories from their beginning, decisions from their end."""
        known = [place for topic in FROM_THE_BEGINNING for place in self._starts(topic, 0)]
        starts = [*known, *self._starts(CLAIMS_DECIDED, 1), *self._starts(DECIDED, 1)]
        self._ends = {(p.topic, p.partition): self._consumer.get_watermark_offsets(p, timeout=10)[1] for p in known}
        self._consumer.assign(starts)
        self._thread.start()

    def _starts(self, topic: Topic, side: int) -> list[TopicPartition]:
        places = [TopicPartition(topic.name, n) for n in range(topic.partitions)]
        offset: Callable[[TopicPartition], Any] = lambda p: self._consumer.get_watermark_offsets(p, timeout=10)[side]  # noqa: E731
        return [TopicPartition(p.topic, p.partition, offset(p)) for p in places]

    def _run(self) -> None:
        waiting = {place for place, end in self._ends.items() if end > 0}
        while not self._stop.is_set():
            if not waiting:
                self._behind.set()
            message = self._consumer.poll(0.1)
            if message is None or message.error():
                continue
            topic = BY_NAME[message.topic() or ""]
            with contextlib.suppress(DecodeError):  # its producer's dead letter; a gateway loses what it could not have understood
                self._directory.take(decode(topic, message.value()))
            place = (topic.name, message.partition() or 0)
            if place in waiting and (message.offset() or 0) + 1 >= self._ends[place]:
                waiting.discard(place)

    def ready(self) -> bool:
        """Whether everything that was in the directory at the start is known."""
        return self._behind.is_set()

    def close(self) -> None:
        """Stop following."""
        self._stop.set()
        self._thread.join()
        self._consumer.close()
