"""Where the messages of one transaction came to lie."""

from confluent_kafka import KafkaError, Message

from adapters.kafka.ends import Place, place_of


class Receipt:
    """The offsets after the last message of each partition."""

    def __init__(self) -> None:
        """Nothing is delivered yet."""
        self.ends: dict[Place, int] = {}

    def on_delivery(self, error: KafkaError | None, message: Message) -> None:
        """Called by the client for each message, within its calls."""
        if error is not None:
            return
        place = place_of(message)
        end = (message.offset() or 0) + 1
        self.ends[place] = max(self.ends.get(place, 0), end)
