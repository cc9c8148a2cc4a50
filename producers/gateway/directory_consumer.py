"""The thread that feeds a gateway's directory.

It reads the compacted topics from their beginning, and decisions from now on.
"""

import threading
from collections.abc import Sequence
from typing import Protocol

from adapters.kafka.fetched import Fetched
from adapters.process.logs import logger
from producers.gateway.directory import Directory
from schemas.codec import decode
from schemas.fact_sheet import Topic
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
)

FROM_THE_BEGINNING = (DIRECTORY, GROUPS_DIRECTORY, GROUPS_LEXICONS, USERS_DIRECTORY)
FROM_NOW_ON = (CLAIMS_DECIDED, DECIDED, GROUPS_DECIDED, USERS_DECIDED)
POLL_S = 0.5
"""Wait for a message, which ends it. The end of the process waits for it too."""
AGAIN_S = 1.0
"""Before the client is asked again that failed."""


class Reader(Protocol):
    """Port of `adapters.kafka.reader.LogReader`. Blocking."""

    def assign(self, whole: Sequence[Topic], new: Sequence[Topic]) -> None:
        """Read `whole` from the beginning, `new` from the end."""

    @property
    def caught_up(self) -> bool:
        """Whether `poll` has passed all that `whole` had when it was assigned."""

    def poll(self, wait_s: float) -> Fetched | None:
        """The next message, or None when none came in `wait_s`."""

    def close(self) -> None:
        """Give the connections back."""


class DirectoryConsumer:
    """A daemon thread that feeds a Directory."""

    def __init__(self, reader: Reader, directory: Directory) -> None:
        self._reader = reader
        self._directory = directory
        self._caught_up = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="directory", daemon=True)

    def start(self) -> None:
        """Begin to read. Blocks until Kafka named the ends of the partitions."""
        self._reader.assign(whole=FROM_THE_BEGINNING, new=FROM_NOW_ON)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.is_set():
            message = self._polled()
            if message is not None:
                self._take(message)
            if self._reader.caught_up:
                self._caught_up.set()

    def _polled(self) -> Fetched | None:
        try:
            return self._reader.poll(POLL_S)
        except Exception as error:  # noqa: BLE001 - a dead thread would take no event any more
            logger().exception("directory_not_read", error=type(error).__name__)
            self._stop.wait(AGAIN_S)
            return None

    def _take(self, message: Fetched) -> None:
        # An event that cannot be decoded is its producer's dead letter: no gateway understands it.
        try:
            self._directory.take(decode(BY_NAME[message.topic], message.value))
        except Rejected:
            return
        except Exception as error:  # noqa: BLE001 - as above
            logger().exception("directory_failed", error=type(error).__name__)

    def ready(self) -> bool:
        """Whether everything that the topics had at the start was read. Never blocks."""
        return self._caught_up.is_set()

    def close(self) -> None:
        """Stop reading. Blocks until the thread ended."""
        self._stop.set()
        self._thread.join()
        self._reader.close()
