"""Offsets as the broker's administration tells them. No group is joined for it.

All questions block, and raise TransientError when the broker is away.
"""

from collections.abc import Collection

from confluent_kafka import ConsumerGroupTopicPartitions, IsolationLevel, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]

from adapters.kafka.client import FATAL, client
from adapters.kafka.consumer import Place, transient_when_away

ASK_S = 10.0
"""For one request to the broker."""
TIMEOUT_S = 30
"""For the client's answer, should it not give up by itself."""
EARLIEST = OffsetSpec.earliest()  # type: ignore[no-untyped-call]
LATEST = OffsetSpec.latest()  # type: ignore[no-untyped-call]


def admin_of(bootstrap: str) -> AdminClient:
    """Return a client for the questions below. It has threads, and asks nothing yet."""
    return AdminClient(client(bootstrap, {}, FATAL))


def offsets(
    admin: AdminClient,
    places: Collection[Place],
    spec: OffsetSpec = LATEST,
    isolation: IsolationLevel = IsolationLevel.READ_UNCOMMITTED,
) -> dict[Place, int]:
    """The offset after the last message of each partition, or that of the first one."""
    if not places:
        return {}
    wanted = {TopicPartition(*place): spec for place in places}
    with transient_when_away():
        asked = admin.list_offsets(wanted, isolation_level=isolation, request_timeout=ASK_S)
        answers = {(p.topic, p.partition): future for p, future in asked.items()}
        return {place: future.result(timeout=TIMEOUT_S).offset for place, future in answers.items()}


def limits(
    admin: AdminClient,
    places: Collection[Place],
    isolation: IsolationLevel = IsolationLevel.READ_UNCOMMITTED,
) -> tuple[dict[Place, int], dict[Place, int]]:
    """The first offset of each partition, and the offset after its last message."""
    return offsets(admin, places, EARLIEST), offsets(admin, places, isolation=isolation)


def committed(
    admin: AdminClient, group: str, places: Collection[Place] | None = None
) -> dict[Place, int]:
    """The offsets that a group committed, of all partitions or of `places`.

    Partitions without any are left out.
    """
    found = _commits(admin, group, places)
    return {(p.topic, p.partition): p.offset for p in found if p.offset >= 0}


def metadata(admin: AdminClient, group: str, places: Collection[Place]) -> dict[Place, str]:
    """The metadata of those commits."""
    found = _commits(admin, group, places)
    return {(p.topic, p.partition): p.metadata or "" for p in found}


def _commits(
    admin: AdminClient, group: str, places: Collection[Place] | None
) -> list[TopicPartition]:
    wanted = None if places is None else [TopicPartition(*place) for place in places]
    with transient_when_away():
        asked = admin.list_consumer_group_offsets(
            [ConsumerGroupTopicPartitions(group, wanted)], request_timeout=ASK_S
        )
        return list(asked[group].result(timeout=TIMEOUT_S).topic_partitions)
