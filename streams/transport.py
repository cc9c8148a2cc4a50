"""A Kafka transport whose seek to the committed offsets leaves no partition where it was."""

from collections.abc import Mapping

from faust.transport.drivers import aiokafka
from faust.types import TP


class RewindingThread(aiokafka.AIOKafkaConsumerThread):
    """aiokafka 0.14 `seek_to_committed` does not move a partition whose committed offset is 0 or that has none.

    Faust seeks after each rebalance and recovery because what was fetched meanwhile is thrown away. Without the
    seek those messages are gone: the partition waits for ever or, without a commit to compare with, is committed past them.
    """

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """All assigned partitions; the committed offset of each, None where there is none yet."""
        committed: Mapping[TP, int] = await self.call_thread(self._rewind)
        return committed

    async def _rewind(self) -> Mapping[TP, int]:
        consumer = self._ensure_consumer()
        committed: Mapping[TP, int] = await consumer.seek_to_committed()
        for partition, offset in committed.items():
            if not offset and not self.consumer._is_changelog_tp(partition):  # noqa: SLF001 - Faust has no public name for it
                consumer.seek(
                    partition, 0
                )  # where the log begins later, `auto_offset_reset` says earliest
        return committed


class RewindingConsumer(aiokafka.Consumer):
    """Faust's consumer on that thread."""

    def _new_consumer_thread(self) -> RewindingThread:
        return RewindingThread(self, loop=self.loop, beacon=self.beacon)


class RewindingTransport(aiokafka.Transport):
    """`app.transport` of a Faust app."""

    Consumer = RewindingConsumer
