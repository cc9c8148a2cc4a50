"""Two workers of a group share the partitions of each topic, not of all topics together."""

from collections import Counter
from pathlib import Path
from uuid import uuid4

import pytest

from adapters.kafka.consumer import KafkaConsumer
from deploy.waiting import until
from schemas import stages
from schemas.stage_kinds import Stage
from tests.integration.brokers import broker


@pytest.mark.parametrize("stage", [stages.TRANSCRIBE, stages.DIARIZE], ids=lambda one: one.name)
def test_each_worker_gets_half_of_the_live_windows_and_half_of_the_others(
    tmp_path: Path, stage: Stage
) -> None:
    with broker(tmp_path) as up:
        group = str(uuid4())
        members = [KafkaConsumer(up.settings.kafka, group, stage.reads) for _ in range(2)]

        def shares() -> list[Counter[str]]:
            for member in members:
                member.poll(1, 0.1)
            return [Counter(topic for topic, _ in member.places) for member in members]

        first, second = members
        first.join(lambda _: None, lambda _: None)
        until(shares, lambda found: found[0].total() > 0, every_s=0)
        second.join(lambda _: None, lambda _: None)
        half = Counter({topic.name: topic.partitions // 2 for topic in stage.reads})
        assert until(shares, lambda found: found == [half, half], every_s=0) == [half, half]
        for member in members:
            member.close()
