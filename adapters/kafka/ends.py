"""Partitions, and their ends, which a consumer reaches without a message."""

from collections.abc import Collection, Iterable, Sequence

from confluent_kafka import KafkaError, Message

from schemas.fact_sheet import Topic

Place = tuple[str, int]
"""Topic and partition."""


def places_of(topics: Iterable[Topic]) -> list[Place]:
    """All partitions of the topics, in order."""
    places: list[Place] = []
    for topic in topics:
        places += [(topic.name, number) for number in range(topic.partitions)]
    return places


def place_of(message: Message) -> Place:
    """The partition of a message, or of an end or an error in place of one."""
    return message.topic() or "", message.partition() or 0


def end_of(message: Message) -> int | None:
    """The offset that a partition ends with; None for a message and for another error."""
    error = message.error()
    if error is None or error.code() != KafkaError._PARTITION_EOF:
        return None
    return message.offset() or 0


class Ends:
    """Ends of partitions that a consumer has reached, and that are still to be committed.

    A transaction ends with a marker, which is an offset but no message. A group that commits only
    the offsets after messages never reaches the end of such a log, and seems to lag for ever.
    """

    def __init__(self) -> None:
        self._ends: dict[Place, int] = {}

    def note(self, messages: Sequence[Message]) -> None:
        """Note the ends among what the client returned, in order (`enable.partition.eof`).

        A message of a partition makes its former end invalid: the partition goes on. To commit
        that end would commit an offset before the message.
        """
        for message in messages:
            place = place_of(message)
            end = end_of(message)
            if end is not None:
                self._ends[place] = end
            elif message.error() is None:
                self._ends.pop(place, None)

    def forget(self, places: Collection[Place]) -> None:
        """Forget partitions that were taken away."""
        for place in places:
            self._ends.pop(place, None)

    def take(self, besides: Collection[Place] = ()) -> dict[Place, int]:
        """Return the offsets to commit, and forget them. Those of `besides` stay.

        An empty partition has none.
        """
        taken = {place: end for place, end in self._ends.items() if place not in besides}
        self.forget(taken)
        return {place: end for place, end in taken.items() if end > 0}
