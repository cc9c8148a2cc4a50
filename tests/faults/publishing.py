"""Messages that no stage would write, on the topics of a stack."""

from collections.abc import Sequence
from contextlib import closing

from adapters.kafka.publisher import KafkaPublisher, Outgoing
from adapters.settings import Settings


def publish(settings: Settings, messages: Sequence[Outgoing]) -> None:
    """Write them. Blocking."""
    with closing(KafkaPublisher(settings.kafka)) as publisher:
        publisher.publish(messages)
