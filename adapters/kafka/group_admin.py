"""Consumer groups, as the broker's administration knows and moves them."""

from collections.abc import Mapping

from confluent_kafka import ConsumerGroupState, ConsumerGroupTopicPartitions, TopicPartition
from confluent_kafka.admin import ConsumerGroupListing  # type: ignore[attr-defined]

from adapters.kafka.admin_offsets import ASK_S, TIMEOUT_S, admin_of
from adapters.kafka.consumer import Place, transient_when_away

IDLE = {ConsumerGroupState.EMPTY, ConsumerGroupState.DEAD}


class GroupAdmin:
    """Blocking. Methods raise TransientError when the broker is away."""

    def __init__(self, bootstrap: str) -> None:
        """Asks nothing yet."""
        self._admin = admin_of(bootstrap)

    def names(self) -> set[str]:
        """All groups that the broker knows."""
        return {group.group_id for group in self._listed()}

    def with_members(self) -> set[str]:
        """Those that somebody is a member of."""
        return {group.group_id for group in self._listed() if group.state not in IDLE}

    def _listed(self) -> list[ConsumerGroupListing]:
        with transient_when_away():
            listed = self._admin.list_consumer_groups(request_timeout=ASK_S)
            return list(listed.result(timeout=TIMEOUT_S).valid)

    def move(self, group: str, offsets: Mapping[Place, int]) -> None:
        """Commit these offsets for a group without members. Repeatable."""
        if not offsets:
            return  # the broker takes no empty change
        places = [TopicPartition(*place, offset) for place, offset in offsets.items()]
        change = ConsumerGroupTopicPartitions(group, places)
        with transient_when_away():
            moved = self._admin.alter_consumer_group_offsets([change], request_timeout=ASK_S)
            moved[group].result(timeout=TIMEOUT_S)
