"""A bulk producer says when its messages did not arrive."""

import pytest
from confluent_kafka import KafkaException

from deploy.benchmark.backlog import Deliveries

NOBODY = "127.0.0.1:1"


def test_messages_that_are_left_are_an_error() -> None:
    deliveries = Deliveries(NOBODY)
    deliveries.producer.produce("topic", value=b"1")
    with pytest.raises(TimeoutError, match="1 messages"):
        deliveries.wait(0.1)
    deliveries.producer.purge()


def test_the_first_error_of_a_delivery_is_kept(
    capfd: pytest.CaptureFixture[str],
) -> None:
    deliveries = Deliveries(NOBODY, message_timeout_ms=100)
    deliveries.producer.produce("topic", value=b"1")
    with pytest.raises(KafkaException, match="MSG_TIMED_OUT"):
        deliveries.wait(10)
    assert capfd.readouterr().err == ""  # its client writes there by itself
