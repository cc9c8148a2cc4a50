"""A start that could not end what hangs in a partition says so."""

from collections.abc import Callable
from typing import cast

import pytest
from confluent_kafka import KafkaError, Message, Producer

from adapters.kafka import hanging_transactions
from adapters.kafka.hanging_transactions import end_hanging
from adapters.process.retry import TransientError

TOPIC = "a-topic"
OnDelivery = Callable[[KafkaError | None, Message], None]


class Refused:
    """A producer none of whose messages arrives. The client counts them as no longer on their way.

    Each call that a transaction needs works.
    """

    def __init__(self) -> None:
        self._on_delivery: list[OnDelivery] = []
        self.is_aborted = False

    def produce(self, _: str, *, on_delivery: OnDelivery, **__: object) -> None:
        self._on_delivery.append(on_delivery)

    def flush(self, _: float) -> int:
        for told in self._on_delivery:
            told(KafkaError(KafkaError._MSG_TIMED_OUT), cast(Message, None))
        return 0

    def begin_transaction(self) -> None:
        pass

    def send_offsets_to_transaction(self, *_: object) -> None:
        pass

    def abort_transaction(self, _: float) -> None:
        self.is_aborted = True


def test_a_message_that_did_not_arrive_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before, it was taken for one that arrived: the client no longer waits for it."""
    places = [(TOPIC, 0), (TOPIC, 1)]
    monkeypatch.setattr(hanging_transactions, "_open_places", lambda *_: places)
    producer = Refused()
    with pytest.raises(TransientError, match="0 of 2 partitions"):
        end_hanging(cast(Producer, producer), "nobody:1", "a-group", [TOPIC])
    assert producer.is_aborted
