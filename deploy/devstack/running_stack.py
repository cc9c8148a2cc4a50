"""The whole stack, really running, for tests and measurements: play recordings, kill parts, ask what happened."""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]
from rich.console import Console

from adapters.settings import Settings
from deploy.demo import playback
from deploy.demo.playback import Played
from deploy.devstack.free_ports import free_port_base
from deploy.devstack.stack import Stack
from deploy.waiting import until
from schemas import stages
from schemas.topics import Topic

RECORDINGS = Path("tests/recordings")
SERVERS = ("kafka", "s3", "clickhouse")


class RunningStack:
    """A stack that is up. Its environment is this process's environment."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    @property
    def settings(self) -> Settings:
        """As the stack's processes read them."""
        return self.stack.settings

    def play(self, name: str, speed: float = 8.0) -> Played:
        """A recording as a phone sends it, heard, counted, claimed. Blocking."""
        return playback.play(self.settings, RECORDINGS / f"{name}.flac", speed, Console(quiet=True))

    def play_while(self, name: str, disturb: Callable[[], None], speed: float = 8.0) -> Played:
        """`disturb` runs on this thread while the recording plays on another."""
        found: list[Played | BaseException] = []

        def playing() -> None:
            try:
                found.append(self.play(name, speed))
            except BaseException as error:  # noqa: BLE001 - raised again below, on the caller's thread
                found.append(error)

        thread = threading.Thread(target=playing)
        thread.start()
        disturb()
        thread.join()
        if isinstance(found[0], BaseException):
            raise found[0]
        return found[0]

    def pid(self, part: str) -> int:
        """The process of a part, as the supervisor knows it."""
        return int(self.stack.supervisor.states()[part]["pid"])

    def kill(self, part: str) -> None:
        """SIGKILL: no handler runs. The supervisor starts the part again."""
        os.kill(self.pid(part), signal.SIGKILL)

    def parts(self) -> list[str]:
        """Names of all parts."""
        return [part.name for part in self.stack.status()]

    def await_answers(self, timeout_s: float = 60.0) -> None:
        """Blocks until every part answers again; fails naming those that do not."""
        until(
            lambda: [part.name for part in self.stack.status() if not part.answers],
            lambda silent: not silent,
            timeout_s,
        )

    def answers(self, stage: str) -> bool:
        """Whether the first worker of a stage says that it is ready."""
        with socket.socket() as probe:
            probe.settimeout(5)
            try:
                probe.connect(
                    (
                        self.settings.host,
                        self.settings.port_base + stages.BY_NAME[stage].health_port,
                    )
                )
                probe.sendall(b"GET /readyz HTTP/1.0\r\n\r\n")
                return b" 200 " in probe.recv(64)
            except OSError:
                return False

    def handled(self, stage: str, worker: int = 0, outcome: str = "done") -> int:
        """How many messages a worker handled, from its own metrics."""
        text = httpx.get(
            f"http://{self.settings.host}:{self.settings.port_base + stages.BY_NAME[stage].health_port + worker}/metrics"
        ).text
        wanted = f'lahstats_events_handled_total{{outcome="{outcome}",stage="{stage}"}}'
        return sum(
            int(float(line.split()[-1])) for line in text.splitlines() if line.startswith(wanted)
        )

    def await_handled(self, stage: str, least: int, timeout_s: float = 60.0) -> None:
        """Blocks until the stage's workers together handled `least` messages."""
        until(
            lambda: sum(self.handled(stage, n) for n in range(self._workers(stage))),
            lambda handled: handled >= least,
            timeout_s,
        )

    def _workers(self, stage: str) -> int:
        return int(getattr(self.settings, f"{stage}_workers", 1))

    def lag(self) -> int:
        """Messages that some consumer group has yet to commit."""
        admin = self._admin()
        return sum(_behind(admin, _committed(admin, group)) for group in self._groups(admin))

    def lag_of(self, group: str, topic: Topic) -> int:
        """Messages of one topic that one group has yet to commit; all of them before its first commit."""
        places = {(topic.name, n): 0 for n in range(topic.partitions)}
        admin = self._admin()
        committed = {
            place: offset for place, offset in _committed(admin, group).items() if place in places
        }
        return _behind(admin, places | committed)

    def _admin(self) -> AdminClient:
        return AdminClient({"bootstrap.servers": self.settings.kafka, "log_level": 0})

    @staticmethod
    def _groups(admin: AdminClient) -> list[str]:
        return [
            g.group_id
            for g in admin.list_consumer_groups().result(timeout=30).valid
            if g.group_id.startswith("lahstats")
        ]

    def await_quiet(self, timeout_s: float = 300.0) -> None:
        """Blocks until no group is behind, twice in a row a second apart."""
        deadline, quiet = time.monotonic() + timeout_s, 0
        while quiet < 2:
            quiet = quiet + 1 if self.lag() == 0 else 0
            if time.monotonic() > deadline:
                raise TimeoutError(
                    f"{self.lag()} messages were still waiting after {timeout_s:.0f} s"
                )
            time.sleep(1)

    def replay_everything(self) -> int:
        """Stop the stages, put every consumer group back to offset 0, start them; how many messages that were."""
        stages = [name for name in self.parts() if name not in SERVERS]
        self.stack.supervisor.stop(stages)
        admin = self._admin()
        count = 0
        for group in self._groups(admin):
            places = {
                place: offset for place, offset in _committed(admin, group).items() if offset > 0
            }
            count += sum(places.values())
            back = ConsumerGroupTopicPartitions(
                group, [TopicPartition(*place, 0) for place in places]
            )
            admin.alter_consumer_group_offsets([back])[group].result(timeout=30)
        self.stack.supervisor.start(stages)
        self.await_answers(120)
        return count


def essence(played: Played) -> dict[str, Any]:
    """What must not depend on what died meanwhile: turns, words, counts."""
    document = played.document()
    return {
        key: document[key]
        for key in ("audio_s", "speakers", "turns", "transcript", "missing_audio")
    }


def _committed(admin: AdminClient, group: str) -> dict[tuple[str, int], int]:
    result = admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)])[group].result(
        timeout=30
    )
    return {(p.topic, p.partition): p.offset for p in result.topic_partitions if p.offset >= 0}


def _behind(admin: AdminClient, offsets: dict[tuple[str, int], int]) -> int:
    ends = _ends(admin, offsets)
    return sum(ends[place] - offset for place, offset in offsets.items())


def _ends(admin: AdminClient, places: dict[tuple[str, int], int]) -> dict[tuple[str, int], int]:
    asked = admin.list_offsets({TopicPartition(*place): OffsetSpec.latest() for place in places})  # type: ignore[no-untyped-call]
    return {(p.topic, p.partition): future.result(timeout=30).offset for p, future in asked.items()}


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[RunningStack]:
    """A stack of its own in `folder`, on ports of its own; taken down at the end, whatever happened."""
    values = {"DATA_DIR": str(folder), "PORT_BASE": str(free_port_base()), **settings}
    with _environment({f"LAHSTATS_{name}": value for name, value in values.items()}):
        stack = Stack(Settings())
        try:
            for _ in stack.up():
                pass
            yield RunningStack(stack)
        finally:
            stack.down()


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    # `Stack.up` sets the data directory as well, so all variables are put back.
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
