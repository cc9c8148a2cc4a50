"""A producer for bulk, and the check that the broker has everything that it was given."""

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from adapters.kafka.client import client

TIMEOUT_S = 60


class Deliveries:
    """The deliveries of one producer, `producer`. Not thread-safe."""

    def __init__(self, bootstrap: str, **more: str | int) -> None:
        """`more` are settings of the client, with underscores for dots. Does not block."""
        self._first_error: KafkaError | None = None
        own = {
            "on_delivery": self._note,
            "delivery.report.only.error": True,
            **{name.replace("_", "."): value for name, value in more.items()},
        }
        self.producer = Producer(client(bootstrap, own))

    def _note(self, error: KafkaError | None, _: Message) -> None:
        if self._first_error is None:
            self._first_error = error

    def wait(self, timeout_s: float = TIMEOUT_S) -> None:
        """Block until the broker has all messages.

        Raises KafkaException with the first error of a delivery, and TimeoutError when messages
        are left after `timeout_s`.
        """
        left = self.producer.flush(timeout_s)
        if self._first_error is not None:
            raise KafkaException(self._first_error)
        if left:
            raise TimeoutError(f"{left} messages are not delivered after {timeout_s:g} s")
