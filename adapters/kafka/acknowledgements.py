"""The acknowledgements of the messages that were given to the client in one call."""

from concurrent.futures import Future

from confluent_kafka import KafkaError, Message

from adapters.process.retry import TransientError


class Acknowledgements:
    """Those of one call, as the callback thread counts them. `all` is done with the last one."""

    def __init__(self, expected: int) -> None:
        self.all = Future[None]()
        self.all.set_running_or_notify_cancel()  # who gives up waiting does not cancel it
        self._open = expected
        self._error: KafkaError | None = None
        if not expected:
            self.all.set_result(None)

    def on_delivery(self, error: KafkaError | None, _: Message) -> None:
        """Count the acknowledgement of one message, or its error. The client calls it."""
        self._open -= 1
        self._error = self._error or error
        if self._open:
            return
        if self._error is None:
            self.all.set_result(None)
        else:
            self.all.set_exception(
                TransientError(f"kafka did not acknowledge: {self._error.name()}")
            )
