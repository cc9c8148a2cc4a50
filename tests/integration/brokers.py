"""A broker alone: for tests of what a consumer group does, which need nothing else of a stack."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from operator import not_
from pathlib import Path

from confluent_kafka.admin import AdminClient

from adapters.settings import Settings
from deploy.devstack.free_ports import free_port_base
from deploy.devstack.kafka.broker import prepare
from deploy.devstack.kafka.lone_broker import STARTS_S, started
from deploy.prepare.kafka_topics import create_topics
from deploy.waiting import until

SESSION_S = 3
"""A member that is silent for so long loses its partitions."""


@dataclass(frozen=True)
class Broker:
    """A broker with all topics."""

    settings: Settings
    process: subprocess.Popen[bytes]

    def freeze(self, for_s: float) -> None:
        """It does nothing for so long, and then goes on as if nothing had been. Blocking."""
        self.process.send_signal(signal.SIGSTOP)
        time.sleep(for_s)
        self.process.send_signal(signal.SIGCONT)


@contextmanager
def broker(folder: Path) -> Iterator[Broker]:
    """A broker of its own. Blocking; it is gone at the end."""
    with broker_of(Settings(data_dir=folder, port_base=free_port_base())) as up:
        yield up


@contextmanager
def broker_of(settings: Settings) -> Iterator[Broker]:
    """One of these settings, whose clients may have to come through a proxy."""
    command = prepare(settings)
    properties = settings.data_dir / "kafka" / "server.properties"
    with properties.open("a") as more:
        more.write(f"group.consumer.session.timeout.ms={SESSION_S * 1000}\n")
    with started(settings, command) as process:
        create_topics(settings)
        until(lambda: _leaderless(settings), not_, STARTS_S)
        yield Broker(settings, process)


@contextmanager
def broker_again(settings: Settings) -> Iterator[Broker]:
    """One that was killed, on the same data."""
    with started(settings, prepare(settings)) as process:
        until(lambda: _leaderless(settings), not_, STARTS_S)
        yield Broker(settings, process)


def _leaderless(settings: Settings) -> list[str]:
    """Topics that nobody can write yet."""
    found = AdminClient({"bootstrap.servers": settings.kafka}).list_topics(timeout=60).topics
    return [
        name
        for name, topic in found.items()
        if any(partition.leader < 0 for partition in topic.partitions.values())
    ]
