"""Fact sheets of topics: all are listed, and every example has a key and a partition."""

from collections import Counter

import pytest

from deploy.prepare.kafka_topics import wanted_topics
from schemas import retention, topics
from schemas.event import Event
from schemas.fact_sheet import WEEK_MS, Topic
from schemas.partitions import key_of, partition_of
from tests.golden import EXAMPLES, NAMES


def test_every_declared_topic_is_listed_once() -> None:
    declared = [value for value in vars(topics).values() if isinstance(value, Topic)]
    assert declared == list(topics.ALL)
    assert len(topics.BY_NAME) == len(topics.ALL)


def test_an_event_is_on_one_topic_only() -> None:
    homes = Counter(kind for topic in topics.ALL for kind in topic.events)
    assert set(homes.values()) == {1}


def test_every_topic_has_writers_readers_and_dead_letters_of_its_own() -> None:
    assert [topic.name for topic in topics.ALL if not (topic.writers and topic.readers)] == []
    letters = {topic.dead_letters for topic in topics.ALL}
    assert len(letters - set(topics.BY_NAME)) == len(topics.ALL)


@pytest.mark.parametrize(("topic", "event"), EXAMPLES, ids=NAMES)
def test_every_example_has_a_key_and_a_partition(topic: Topic, event: Event) -> None:
    parts = key_of(topic, event).split(":")
    assert parts == [str(getattr(event, name)) for name in topic.key]
    assert all(parts)
    partition = partition_of(topic, event)
    assert (partition is None) is (topic.dealt_by is None)
    assert partition is None or 0 <= partition < topic.partitions


def test_warehouse_changes_are_keyed_by_their_first_day() -> None:
    [(topic, event)] = [(t, e) for t, e in EXAMPLES if t is topics.WAREHOUSE_CHANGED]
    assert key_of(topic, event) == "2026-11-23"


def test_markers_outlive_every_replay() -> None:
    kept = {one.topic: int((one.config or {}).get("retention.ms", 0)) for one in wanted_topics()}
    logs = max(kept[topic.name] for topic in topics.ALL)
    letters = max(kept[topic.dead_letters] for topic in topics.ALL)
    assert max(kept.values()) == letters > logs > 0
    assert 2 * logs + letters + 3 * retention.SEGMENT_MS <= retention.LONGEST_REPLAY_MS
    assert retention.MARKS_MS > retention.LONGEST_REPLAY_MS + 2 * WEEK_MS


def test_no_topic_takes_a_message_of_a_clock_that_is_far_ahead() -> None:
    """Before, the broker's setting decided. One without a bound lets any text expire at once."""
    setting = "message.timestamp.after.max.ms"
    bounds = {one.topic: int((one.config or {}).get(setting, 0)) for one in wanted_topics()}
    assert {name for name, bound in bounds.items() if not 0 < bound < WEEK_MS} == set()


def test_a_value_that_was_replaced_leaves_a_compacted_topic_in_time() -> None:
    """A broker keeps it until half of the log is such values, which may be never."""
    lags = {
        one.topic: int((one.config or {}).get("max.compaction.lag.ms", 0))
        for one in wanted_topics()
        if (one.config or {}).get("cleanup.policy") == "compact"
    }
    assert {topic.name for topic in topics.ALL if topic.compacted} < set(lags)
    assert set(lags.values()) == {WEEK_MS}
