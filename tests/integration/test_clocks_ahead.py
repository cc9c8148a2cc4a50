"""A broker refuses the messages of a machine whose clock is far ahead, and takes all others."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.kafka.publisher import KafkaPublisher, outgoing
from adapters.process.clock import unix_ms
from adapters.process.retry import TransientError
from deploy.prepare.kafka_topics import NOT_AHEAD
from schemas import topics
from schemas.limits import HOUR_MS
from schemas.session_events import Tick
from tests.golden import example_of
from tests.integration.brokers import broker


def test_a_tick_of_a_clock_that_is_far_ahead_is_not_taken(tmp_path: Path) -> None:
    """It would remove the text of others before its days are over."""
    (bound,) = (int(ms) for ms in NOT_AHEAD.values())
    tick = outgoing(topics.INBOUND, example_of(Tick))
    with broker(tmp_path) as up, closing(KafkaPublisher(up.settings.kafka)) as publisher:
        with pytest.raises(TransientError, match="INVALID_TIMESTAMP"):
            publisher.publish([replace(tick, timestamp_ms=unix_ms() + 2 * bound)])
        publisher.publish([replace(tick, timestamp_ms=unix_ms() + bound // 2)])
        publisher.publish([replace(tick, timestamp_ms=unix_ms() - 24 * HOUR_MS)])
