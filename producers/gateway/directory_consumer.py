"""The thread that feeds a gateway's directory: compacted topics read from their beginning, decisions from now on."""

import contextlib
import threading
from typing import Any
from uuid import uuid4

from confluent_kafka import Consumer, TopicPartition

from producers.gateway.directory import Directory
from schemas.codec import decode
from schemas.rejections import Rejected
from schemas.topics import (
    BY_NAME,
    CLAIMS_DECIDED,
    DECIDED,
    DIRECTORY,
    GROUPS_DECIDED,
    GROUPS_DIRECTORY,
    GROUPS_LEXICONS,
    USERS_DECIDED,
    USERS_DIRECTORY,
    Topic,
)

FROM_THE_BEGINNING = (DIRECTORY, GROUPS_DIRECTORY, GROUPS_LEXICONS, USERS_DIRECTORY)
FROM_NOW_ON = (CLAIMS_DECIDED, DECIDED, GROUPS_DECIDED, USERS_DECIDED)


class DirectoryConsumer:
    """A daemon thread that feeds a Directory. `ready` is true once the directory was read to its end."""

    def __init__(self, bootstrap: str, directory: Directory) -> None:
        self._directory = directory
        self._caught_up = threading.Event()
        self._stop = threading.Event()
        config = {
            "bootstrap.servers": bootstrap,
            "group.id": f"gateway-{uuid4()}",
            "enable.auto.commit": False,
            "log_level": 3,
        }
        self._consumer = Consumer(
            {**config, "auto.offset.reset": "earliest", "fetch.wait.max.ms": 50}
        )
        self._thread = threading.Thread(target=self._run, name="directory", daemon=True)

    def start(self) -> None:
        """Assign every partition: the directories from their beginning, decisions from their end."""
        known = [place for topic in FROM_THE_BEGINNING for place in self._starts(topic, 0)]
        starts = [*known, *(place for topic in FROM_NOW_ON for place in self._starts(topic, 1))]
        self._ends = {
            (p.topic, p.partition): self._consumer.get_watermark_offsets(p, timeout=10)[1]
            for p in known
        }
        self._consumer.assign(starts)
        self._thread.start()

    def _starts(self, topic: Topic, side: int) -> list[TopicPartition]:
        places = [TopicPartition(topic.name, n) for n in range(topic.partitions)]
        return [TopicPartition(p.topic, p.partition, self._watermark(p, side)) for p in places]

    def _watermark(self, place: TopicPartition, side: int) -> int:
        offsets: Any = self._consumer.get_watermark_offsets(place, timeout=10)
        return int(offsets[side])

    def _run(self) -> None:
        waiting = {place for place, end in self._ends.items() if end > 0}
        while not self._stop.is_set():
            if not waiting:
                self._caught_up.set()
            message = self._consumer.poll(0.1)
            if message is None or message.error():
                continue
            topic = BY_NAME[message.topic() or ""]
            with contextlib.suppress(
                Rejected
            ):  # its producer's dead letter; a gateway loses what it could not have understood
                self._directory.take(decode(topic, message.value()))
            place = (topic.name, message.partition() or 0)
            if place in waiting and (message.offset() or 0) + 1 >= self._ends[place]:
                waiting.discard(place)

    def ready(self) -> bool:
        """Whether everything that was in the directory at the start is known."""
        return self._caught_up.is_set()

    def close(self) -> None:
        """Stop following."""
        self._stop.set()
        self._thread.join()
        self._consumer.close()
