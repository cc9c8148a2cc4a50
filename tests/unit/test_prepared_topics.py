"""Preparing a broker that has topics already: they must be cut as the fact sheets say."""

from collections.abc import Sequence
from concurrent.futures import Future
from types import SimpleNamespace

import pytest
from confluent_kafka.cimpl import NewTopic

from adapters.settings import Settings
from deploy.prepare.kafka_topics import create_topics, wanted_topics
from schemas.stages import SESSIONS
from schemas.topics import INBOUND


class Admin:
    """A broker with topics of so many partitions. The client returns a new one for each call."""

    partitions: dict[str, int]
    created: list[str]

    def __init__(self, _settings: object) -> None: ...

    def list_topics(self, timeout: float) -> SimpleNamespace:
        topics = {
            name: SimpleNamespace(partitions=dict.fromkeys(range(number)))
            for name, number in self.partitions.items()
        }
        return SimpleNamespace(topics=topics)

    def create_topics(
        self, wanted: Sequence[NewTopic], operation_timeout: float
    ) -> dict[str, Future[None]]:
        done = Future[None]()
        done.set_result(None)
        self.created += [topic.topic for topic in wanted]
        return {topic.topic: done for topic in wanted}


@pytest.fixture
def admin(monkeypatch: pytest.MonkeyPatch) -> type[Admin]:
    Admin.partitions = {one.topic: one.num_partitions for one in wanted_topics()}
    Admin.created = []
    monkeypatch.setattr("deploy.prepare.kafka_topics.AdminClient", Admin)
    return Admin


def test_topics_that_are_absent_are_created(admin: type[Admin]) -> None:
    del admin.partitions[INBOUND.name]
    admin.partitions["somebody.elses"] = 3
    create_topics(Settings())
    assert admin.created == [INBOUND.name]


@pytest.mark.parametrize("name", [INBOUND.name, SESSIONS.changelog])
@pytest.mark.parametrize("number", [1, 24])
def test_a_topic_that_is_cut_otherwise_is_named(admin: type[Admin], name: str, number: int) -> None:
    """Before, the events of one session came to several tables, and no session was ever counted."""
    admin.partitions[name] = number
    with pytest.raises(RuntimeError, match=rf"{name} has {number} partitions?, not 12"):
        create_topics(Settings())
    assert admin.created == []
