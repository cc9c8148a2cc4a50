"""An error that is handled while the real Kafka client fails is freed, with all that it reaches.

confluent-kafka 2.16.1 never frees it. Workers had more producers, threads and open files after each
outage of the broker: a question to the broker failed while the error of a transaction was handled.
"""

import gc
import weakref
from collections.abc import Callable
from contextlib import closing
from typing import NoReturn

import pytest
from confluent_kafka import KafkaException, Producer

from adapters.kafka import asked_offsets, consumer, reader
from adapters.kafka.asked_offsets import AskedOffsets
from adapters.kafka.client import FATAL, client
from adapters.kafka.consumer import KafkaConsumer
from adapters.kafka.reader import LogReader
from adapters.kafka.transactional_calls import checked
from adapters.process.retry import TransientError
from schemas import stages, topics

NOBODY = "127.0.0.1:1"
"""Nobody listens there."""
PLACE = (topics.INBOUND.name, 0)
SOON_S = 0.1


class HandledError(Exception):
    """It is handled while a call fails."""


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked_offsets, "ASK_S", SOON_S)
    monkeypatch.setattr(consumer, "COMMITTED_TIMEOUT_S", SOON_S)
    monkeypatch.setattr(reader, "WATERMARK_TIMEOUT_S", SOON_S)
    monkeypatch.setattr("adapters.process.retry.PATIENCE_S", SOON_S)


def end_is_asked() -> None:
    with closing(AskedOffsets(NOBODY)) as asked:
        asked.ends([PLACE])


def commit_is_asked() -> None:
    with closing(AskedOffsets(NOBODY)) as asked:
        asked.committed("group", [PLACE])


def topics_are_asked() -> None:
    with closing(AskedOffsets(NOBODY)) as asked:
        asked.committed("group")


def attempts_are_asked() -> None:
    KafkaConsumer(NOBODY, "group", stages.SINK.reads).attempts({PLACE: 1})


def watermarks_are_asked() -> None:
    LogReader(NOBODY, "reader").assign(whole=[topics.INBOUND], new=[])


def transaction_begins_without_an_id() -> None:
    producer = Producer(client(NOBODY, {"transactional.id": "id"}, FATAL))
    checked(producer.begin_transaction)


FAILING = [
    end_is_asked,
    commit_is_asked,
    topics_are_asked,
    attempts_are_asked,
    watermarks_are_asked,
    transaction_begins_without_an_id,
]


@pytest.mark.parametrize("failing", FAILING)
def test_the_error_that_is_handled_is_freed(failing: Callable[[], None]) -> None:
    kept = _handled_meanwhile(failing)
    gc.collect()
    assert kept() is None


def _fail() -> NoReturn:
    raise HandledError


def _handled_meanwhile(failing: Callable[[], None]) -> weakref.ref[HandledError]:
    try:
        _fail()
    except HandledError as handled:
        with pytest.raises((KafkaException, TransientError)):
            failing()
        return weakref.ref(handled)
