"""A broker that is busy for some seconds keeps the connections of its members."""

from pathlib import Path
from uuid import uuid4

from adapters.kafka.consumer import KafkaConsumer
from adapters.kafka.publisher import KafkaPublisher, Outgoing
from deploy.waiting import until
from schemas.topics import INBOUND
from tests.integration.brokers import SESSION_S, broker

BUSY_S = 2.5
"""A member's heartbeat comes each second, and is given up after a second. Less than a session."""
OPEN = "01"
"""State of a connection in the kernel's table."""
LATER = 30
"""Polls of 0.1 s in which the client would connect again."""


def test_late_answers_to_heartbeats_close_no_connection(tmp_path: Path) -> None:
    """The first one did. The client then asked for its coordinator behind a fetch of 3 s."""
    assert BUSY_S < SESSION_S
    with broker(tmp_path) as up:
        publisher = KafkaPublisher(up.settings.kafka, timeout_s=60)
        publisher.publish([Outgoing(INBOUND.name, b"k", b"any")])
        publisher.close()
        consumer = KafkaConsumer(up.settings.kafka, f"lahstats-{uuid4()}", [INBOUND])
        consumer.join(lambda _: None, lambda _: None)
        until(lambda: consumer.poll(1, 0.1), bool)  # all of its connections are there
        before = _connections(up.settings.port("kafka"))
        assert before
        up.freeze(BUSY_S)
        for _ in range(LATER):
            consumer.poll(1, 0.1)
        assert _connections(up.settings.port("kafka")) == before
        assert consumer.close()


def _connections(port: int) -> set[str]:
    """The addresses of those who have a connection to a server's `port` (Linux, hexadecimal)."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    found = [line.split()[1:4] for line in lines]
    return {own for own, other, state in found if other.endswith(f":{port:04X}") and state == OPEN}
