"""A Kafka transport that seeks every partition to its committed offset."""

from collections.abc import Mapping

from faust.transport.drivers import aiokafka
from faust.types import TP


class RewindingThread(aiokafka.AIOKafkaConsumerThread):
    """Consumer thread that also moves partitions without a commit.

    Faust seeks after each rebalance and recovery, because it throws away what it fetched meanwhile.
    `seek_to_committed` of aiokafka 0.14 leaves a partition where it is when its committed offset is
    0 or missing. The messages thrown away would be lost: the partition waits for ever, or a later
    commit passes them.
    """

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Seeks all assigned partitions. Returns the committed offset of each; None without one."""
        committed: Mapping[TP, int] = await self.call_thread(self._rewind)
        return committed

    async def _rewind(self) -> Mapping[TP, int]:
        consumer = self._ensure_consumer()
        committed: Mapping[TP, int] = await consumer.seek_to_committed()
        for partition, offset in committed.items():
            # Faust has no public name for the question whether a partition is a changelog's.
            is_changelog = self.consumer._is_changelog_tp(partition)  # noqa: SLF001
            if not offset and not is_changelog:
                # `auto_offset_reset` says earliest where the log begins later than 0.
                consumer.seek(partition, 0)
        return committed


class RewindingConsumer(aiokafka.Consumer):
    """Faust's consumer on that thread."""

    def _new_consumer_thread(self) -> RewindingThread:
        return RewindingThread(self, loop=self.loop, beacon=self.beacon)


class RewindingTransport(aiokafka.Transport):
    """`app.transport` of a Faust app."""

    Consumer = RewindingConsumer
