"""The port of the loop to its consumer group."""

from typing import Protocol

from adapters.kafka.ends import Place
from adapters.kafka.fetched import Fetched
from consumers.runtime.attempts import CountingConsumer


class Consumer(CountingConsumer, Protocol):
    """Port of `adapters.kafka.consumer.KafkaConsumer`."""

    def poll(self, most: int, wait_s: float) -> list[Fetched]: ...
    def hold(self, topics: frozenset[str]) -> None: ...
    def membership(self) -> object: ...
    def take_ends(self, besides: set[Place]) -> dict[Place, int]: ...
