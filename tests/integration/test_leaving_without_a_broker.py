"""A worker whose broker is away ends all the same: it leaves the group without an answer."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from adapters.kafka.consumer import KafkaConsumer
from adapters.kafka.fetched import Fetched
from adapters.kafka.publisher import KafkaPublisher, Outgoing
from adapters.kafka.timed_call import in_time
from deploy.uuid7 import new_session_id
from deploy.waiting import until
from schemas.topics import INBOUND
from tests.integration.brokers import Broker, broker

ENDS_S = 30.0
"""After SIGTERM a process is killed when it takes longer."""
POLLS = 20


@pytest.fixture
def kafka(tmp_path: Path) -> Iterator[Broker]:
    with broker(tmp_path) as up:
        yield up


def test_a_consumer_closes_when_its_broker_is_gone(kafka: Broker) -> None:
    """Before, it waited for the answer to a commit for as long as the broker stayed away."""
    consumer = KafkaConsumer(kafka.settings.kafka, f"lahstats-{uuid4()}", [INBOUND])
    consumer.join(lambda _: None, lambda _: None)
    [message] = _one_message(kafka, consumer)
    begun = consumer.begin(message.place, message.offset, 1)
    until(lambda: (consumer.poll(1, 0.1), begun.done()), lambda found: found[1])
    kafka.process.kill()
    kafka.process.wait()
    consumer.begin(message.place, message.offset, 0)
    for _ in range(POLLS):
        consumer.poll(1, 0.1)
    in_time(ENDS_S, consumer.close)


def _one_message(kafka: Broker, consumer: KafkaConsumer) -> list[Fetched]:
    publisher = KafkaPublisher(kafka.settings.kafka, timeout_s=60)
    publisher.publish([Outgoing(INBOUND.name, new_session_id().encode(), b"any")])
    publisher.close()
    return until(lambda: consumer.poll(1, 0.1), bool)
