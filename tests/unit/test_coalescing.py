"""A server that is away for a minute does not push everything else out of the log."""

import logging
from collections.abc import Iterator

import pytest
from confluent_kafka import Consumer

from adapters.kafka.client import client, log
from adapters.process.coalescing import EVERY_S, Coalescing
from deploy.waiting import until

FAULT = "[thrd:{0}]: kafka:{0}/1: Connect failed: refused (after {0}ms in state CONNECT)"


class Clock:
    """A clock that the test moves."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class Written(logging.Handler):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def written(clock: Clock) -> Iterator[Written]:
    handler = Written()
    logger = logging.getLogger("of a test")
    coalescing = Coalescing(clock)
    logger.addFilter(coalescing)
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)
    logger.removeFilter(coalescing)


def test_the_same_fault_is_one_line_a_minute_with_its_number(
    clock: Clock, written: Written
) -> None:
    for number in range(950):
        logging.getLogger("of a test").error(FAULT.format(number))
    assert written.lines == [FAULT.format(0)]
    clock.now_s = EVERY_S
    logging.getLogger("of a test").error(FAULT.format(950))
    assert written.lines[1:] == [f"{FAULT.format(950)} (950 times)"]


def test_another_fault_is_written_at_once(written: Written) -> None:
    logging.getLogger("of a test").error(FAULT.format(1))
    logging.getLogger("of a test").error("kafka: authentication failed")
    assert len(written.lines) == 2


def test_a_client_whose_broker_is_away_writes_a_line_or_two() -> None:
    handler = Written()
    log.addHandler(handler)
    consumer = Consumer(client("127.0.0.1:1", {"group.id": "nobody"}))
    consumer.subscribe(["nothing"])
    try:
        until(lambda: consumer.consume(1, timeout=0.5), lambda _: bool(handler.lines), 20)
        for _ in range(4):
            consumer.consume(1, timeout=0.5)
        assert 1 <= len(handler.lines) <= 3
    finally:
        consumer.close()
        log.removeHandler(handler)
