"""Consumer groups, as the broker's administration knows and moves them."""

from collections.abc import Mapping

from confluent_kafka import ConsumerGroupState, ConsumerGroupTopicPartitions, TopicPartition
from confluent_kafka.admin import AdminClient, ConsumerGroupListing  # type: ignore[attr-defined]

from adapters.kafka.client import FATAL, client, transient_when_away
from adapters.kafka.ends import Place

ASK_S = 10.0
"""For one request to the broker."""
TIMEOUT_S = 30
"""For the client's answer, should it not give up by itself."""
IDLE = {ConsumerGroupState.EMPTY, ConsumerGroupState.DEAD}


class GroupAdmin:
    """Blocking. Methods raise TransientError when the broker is away.

    For commands alone: the client may end its process when the broker comes back
    (`asked_offsets.py`).
    """

    def __init__(self, bootstrap: str) -> None:
        """Asks nothing yet."""
        self._admin = AdminClient(client(bootstrap, {}, FATAL))

    def names(self) -> set[str]:
        """All groups that the broker knows."""
        return {group.group_id for group in self._listed()}

    def with_members(self) -> set[str]:
        """The groups that have members."""
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
