"""A producer that met a fatal error is made anew: the real client, on its own mock of a broker."""

import ctypes
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Consumer, KafkaError, KafkaException, Producer

from adapters.kafka import (
    hanging_transactions,
    publisher,
    transaction,
    transactional_calls,
    transactional_producer,
)
from adapters.kafka.client import client
from adapters.kafka.publisher import KafkaPublisher, Outgoing
from adapters.kafka.transaction import KafkaTransactions
from adapters.kafka.transactional_calls import LostAnswerError, checked

MESSAGE = Outgoing("session.inbound.v1", b"key", b"value", partition=0)
PRODUCE = 0
"""The number of this request in Kafka's protocol."""
PY_OBJECT_HEAD = 16
"""Bytes before the client's own pointer in the Python object."""


@pytest.fixture(autouse=True)
def the_mock_takes_no_offsets(monkeypatch: pytest.MonkeyPatch) -> None:
    """It never answers a transaction that begins with offsets: each start would wait five seconds.

    The call is as on a real broker otherwise (`tests/integration/test_hanging_transactions.py`).
    """
    monkeypatch.setattr(hanging_transactions, "CALL_S", 0.1)


def mocked(bootstrap: str, own: Mapping[str, Any], level: int = 2) -> dict[str, Any]:
    return client(bootstrap, {**own, "test.mock.num.brokers": 1}, level)


def library() -> ctypes.CDLL:
    """The C library: its ways to make errors are not offered to Python."""
    maps = Path("/proc/self/maps").read_text().splitlines()
    return ctypes.CDLL(next(line.split()[-1] for line in maps if "librdkafka" in line))


def handle(producer: Producer) -> ctypes.c_void_p:
    return ctypes.c_void_p.from_address(id(producer) + PY_OBJECT_HEAD)


def break_for_good(producer: Producer) -> None:
    code = ctypes.c_int(KafkaError.OUT_OF_ORDER_SEQUENCE_NUMBER)
    assert library().rd_kafka_test_fatal_error(handle(producer), code, b"a test") == 0


def refuse_the_next_message(producer: Producer) -> None:
    mock = library().rd_kafka_handle_mock_cluster
    mock.restype = ctypes.c_void_p
    cluster = ctypes.c_void_p(mock(handle(producer)))
    codes = (ctypes.c_int * 1)(KafkaError.TOPIC_AUTHORIZATION_FAILED)
    push = library().rd_kafka_mock_push_request_errors_array
    assert push(cluster, ctypes.c_int16(PRODUCE), ctypes.c_size_t(1), codes) == 0


@pytest.fixture
def kafka(monkeypatch: pytest.MonkeyPatch) -> Iterator[KafkaPublisher]:
    monkeypatch.setattr(publisher, "client", mocked)
    with closing(KafkaPublisher("nobody:1")) as made:
        yield made


def test_what_comes_after_a_fatal_error_is_sent(kafka: KafkaPublisher) -> None:
    kafka.publish([MESSAGE])
    break_for_good(kafka._producer)
    kafka.publish([MESSAGE, MESSAGE])


def test_an_ended_producer_is_served_until_it_has_told_everything(kafka: KafkaPublisher) -> None:
    kafka.publish([MESSAGE])
    ended = kafka._producer
    break_for_good(ended)
    kafka._renew(ended)
    renewed = kafka._producer
    kafka._renew(ended)  # another thread met the same error
    assert kafka._producer is renewed
    kafka.publish([MESSAGE])


Disturb = Callable[[Producer], None]


def disturbed(monkeypatch: pytest.MonkeyPatch, disturb: Disturb) -> list[Producer]:
    """Disturb the first message of all. Returns the producers that were given one, in order."""
    produce = publisher.produce
    seen: list[Producer] = []

    def disturb_once(producer: Producer, *arguments: Any) -> None:
        if not seen:
            disturb(producer)
        seen.append(producer)
        produce(producer, *arguments)
        producer.flush(1.0)  # its outcome is known before the next message

    monkeypatch.setattr(transactional_producer, "client", mocked)
    monkeypatch.setattr(transaction, "produce", disturb_once)
    return seen


@pytest.mark.parametrize(
    ("disturb", "producers"), [(break_for_good, 2), (refuse_the_next_message, 1)]
)
def test_a_transaction_that_broke_under_its_messages_is_made_again(
    monkeypatch: pytest.MonkeyPatch, disturb: Disturb, producers: int
) -> None:
    seen = disturbed(monkeypatch, disturb)
    with closing(KafkaTransactions("nobody:1", "writer")) as transactions:
        transactions.start()
        ends = transactions.commit([MESSAGE, MESSAGE], {}, None)
    assert ends.keys() == {(MESSAGE.topic, 0)}
    assert len({id(one) for one in seen}) == producers
    assert len(seen) > 2


def test_a_refusal_that_the_client_remembers_costs_a_transaction_and_no_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Once in a hundred times the client gave the first message after the abort back at once."""
    produce = publisher.produce
    seen: list[Producer] = []

    def refuse_the_second(producer: Producer, *arguments: Any) -> None:
        seen.append(producer)
        if len(seen) == 2:
            raise KafkaException(KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED))
        produce(producer, *arguments)

    monkeypatch.setattr(transactional_producer, "client", mocked)
    monkeypatch.setattr(transaction, "produce", refuse_the_second)
    with closing(KafkaTransactions("nobody:1", "writer")) as transactions:
        transactions.start()
        ends = transactions.commit([MESSAGE, MESSAGE], {}, None)
    assert ends.keys() == {(MESSAGE.topic, 0)}
    assert len(seen) == 4


def hang(*_: object) -> None:
    threading.Event().wait()


def never(_: object, __: str) -> bool:
    return False


class Stuck:
    """A producer that never returns from one of its calls; all else is the client's own."""

    def __init__(self, producer: Producer, call: str) -> None:
        self._producer = producer
        self._call = call

    def __getattr__(self, name: str) -> Any:
        return hang if name == self._call else getattr(self._producer, name)


class Late(Stuck):
    """Its first call for the id is carried out, and its answer never comes."""

    def __init__(self, producer: Producer) -> None:
        super().__init__(producer, "")

    def init_transactions(self, timeout_s: float) -> None:
        self._producer.init_transactions(timeout_s)
        hang()


def test_an_id_that_was_taken_without_an_answer_is_taken_again_by_another_producer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The client refuses a second call when the first one was carried out: the process ended."""
    monkeypatch.setattr(transactional_producer, "client", mocked)
    monkeypatch.setattr(transactional_calls, "LOST_S", 0.1)
    monkeypatch.setattr(transactional_calls, "CALL_S", 2.0)
    with closing(KafkaTransactions("nobody:1", "writer")) as transactions:
        monkeypatch.setattr(transactions, "_producer", Late(transactions._producer))
        transactions.start()
        assert not isinstance(transactions._producer, Stuck)


def test_a_lost_answer_is_told_with_the_name_of_its_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transactional_calls, "CALL_S", 0.1)
    monkeypatch.setattr(transactional_calls, "LOST_S", 0.0)
    with pytest.raises(LostAnswerError, match="lost the answer to hang"):
        checked(hang)


@pytest.mark.parametrize("call", ["commit_transaction", "send_offsets_to_transaction"])
def test_a_call_that_never_returns_is_made_again_by_another_producer(
    monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    monkeypatch.setattr(transactional_producer, "client", mocked)
    for module in (transaction, transactional_calls):
        monkeypatch.setattr(module, "CALL_S", 0.5)
    monkeypatch.setattr(transactional_calls, "LOST_S", 0.1)
    with closing(KafkaTransactions("nobody:1", "writer")) as transactions:
        transactions.start()
        stuck = Stuck(transactions._producer, call)
        monkeypatch.setattr(transactions, "_producer", stuck)
        monkeypatch.setattr(transactions, "_is_committed", never)
        consumer = Consumer(client("nobody:1", {"group.id": "g"}, 0))
        group = consumer.consumer_group_metadata()
        ends = transactions.commit([MESSAGE], {("session.inbound.v1", 0): 1}, group)
        assert ends == {(MESSAGE.topic, 0): 1}
        assert not isinstance(transactions._producer, Stuck)
