"""The directory's thread: ready once it read to the ends, whatever it cannot decode."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from confluent_kafka import KafkaError, KafkaException

from adapters.kafka.fetched import Fetched
from deploy.waiting import until
from producers.gateway.directory import Directory
from producers.gateway.directory_consumer import FROM_NOW_ON, FROM_THE_BEGINNING, DirectoryConsumer
from schemas.codec import encode
from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.ids import UserId
from schemas.session_rows import SessionListing
from schemas.topics import DIRECTORY
from tests.write_side import SESSION, listing

PLACE = (DIRECTORY.name, 0)


class ScriptedReader:
    """Gives `messages` one by one, each when `allow` was called for it."""

    def __init__(self, messages: Sequence[bytes], end: int) -> None:
        self.assigned: tuple[Sequence[Topic], Sequence[Topic]] = ((), ())
        self.is_closed = False
        self._messages = list(messages)
        self._end = end
        self._offset = 0
        self._allowed = threading.Semaphore(0)

    def allow(self) -> None:
        self._allowed.release()

    def assign(self, whole: Sequence[Topic], new: Sequence[Topic]) -> None:
        self.assigned = (whole, new)

    @property
    def caught_up(self) -> bool:
        return self._offset >= self._end

    def poll(self, wait_s: float) -> Fetched | None:
        if not self._allowed.acquire(timeout=0.01):
            return None
        offset = self._offset
        self._offset += 1
        return Fetched(*PLACE, offset, b"", self._messages[offset])

    def close(self) -> None:
        self.is_closed = True


@contextmanager
def running(reader: ScriptedReader, directory: Directory) -> Iterator[DirectoryConsumer]:
    consumer = DirectoryConsumer(reader, directory)
    consumer.start()
    yield consumer
    consumer.close()


def await_true(ask: Callable[[], bool]) -> None:
    until(ask, bool, timeout_s=10, every_s=0.01)


def test_it_is_ready_when_it_read_to_the_end() -> None:
    directory = Directory()
    reader = ScriptedReader([encode(listing(caused_by="1")), encode(listing(caused_by="2"))], 2)
    with running(reader, directory) as consumer:
        assert reader.assigned == (FROM_THE_BEGINNING, FROM_NOW_ON)
        reader.allow()
        await_true(lambda: directory.listing(SESSION) is not None)
        assert not consumer.ready()
        reader.allow()
        await_true(consumer.ready)
    assert reader.is_closed


def test_empty_topics_are_read_at_once() -> None:
    with running(ScriptedReader([], 0), Directory()) as consumer:
        await_true(consumer.ready)


def test_an_event_that_cannot_be_decoded_is_passed_over() -> None:
    directory = Directory()
    reader = ScriptedReader([b"{no event", encode(listing())], 1)
    with running(reader, directory) as consumer:
        reader.allow()
        await_true(consumer.ready)
        reader.allow()
        await_true(lambda: directory.listing(SESSION) is not None)


class OddDirectory(Directory):
    """It has a defect that one session meets."""

    def take(self, event: Event) -> None:
        if isinstance(event, SessionListing) and event.owner == "odd":
            raise ZeroDivisionError
        super().take(event)


def test_a_defect_that_one_event_meets_keeps_no_other_from_being_known() -> None:
    directory = OddDirectory()
    odd = encode(listing(owner=UserId("odd")))
    reader = ScriptedReader([odd, encode(listing())], 2)
    with running(reader, directory) as consumer:
        reader.allow()
        reader.allow()
        await_true(lambda: directory.listing(SESSION) is not None)
        await_true(consumer.ready)


class FailingReader(ScriptedReader):
    """Its client fails once."""

    has_failed = False

    def poll(self, wait_s: float) -> Fetched | None:
        if self.has_failed:
            return super().poll(wait_s)
        self.has_failed = True
        raise KafkaException(KafkaError(KafkaError._FATAL))


def test_an_error_of_the_client_ends_no_thread() -> None:
    """Before, the gateway stayed ready and knew nothing any more of what came then."""
    directory = Directory()
    reader = FailingReader([encode(listing())], 1)
    with running(reader, directory) as consumer:
        reader.allow()
        await_true(consumer.ready)
    assert directory.listing(SESSION) is not None
