"""A stack is quiet when no group has a message before it, on whatever partition."""

from pathlib import Path

from adapters.kafka.consumer import KafkaConsumer
from adapters.kafka.publisher import KafkaPublisher, Outgoing
from deploy.devstack.group_offsets import StackOffsets
from deploy.waiting import until
from schemas import stages
from schemas.topics import WAREHOUSE_CHANGED
from tests.integration.brokers import broker


def test_the_first_message_of_a_partition_is_still_to_be_handled(tmp_path: Path) -> None:
    """Before, a group lagged behind nothing where it had never committed."""
    stage = stages.ROLLUP
    with broker(tmp_path) as up:
        member = KafkaConsumer(up.settings.kafka, stage.group, stage.reads)
        member.join(lambda _: None, lambda _: None)
        until(lambda: (member.poll(1, 0.1), member.assigned()), lambda found: found[1])
        offsets = StackOffsets(up.settings.kafka)
        assert not offsets.are_behind()
        publisher = KafkaPublisher(up.settings.kafka, timeout_s=60)
        publisher.publish([Outgoing(WAREHOUSE_CHANGED.name, b"day", b"{}")])
        publisher.close()
        assert offsets.are_behind()
        offsets.close()
        member.close()
