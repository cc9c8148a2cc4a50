"""The stack that is disturbed, and the ways to disturb it."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from adapters.kafka.publisher import KafkaPublisher, Outgoing
from adapters.ports import HOST, PORTS
from adapters.settings import Settings
from deploy.demo.api_answers import Session
from deploy.demo.api_client import ApiClient
from deploy.devstack.free_ports import free_port_base
from deploy.devstack.processes import Process, stage_process, worker_count
from deploy.devstack.running_stack import RECORDINGS, RunningStack, running
from deploy.devstack.stack import ProcessStatus
from deploy.devstack.streams_bed import Child
from deploy.devstack.supervision import Supervisor
from schemas import stages
from schemas.ids import SessionId
from schemas.stage_kinds import Stage
from tests.faults.disks import filled, small_disks
from tests.faults.load import Load
from tests.tcp_proxy import FINE, TcpProxy, Weather

SERVERS = ("kafka", "s3", "clickhouse")
FRONT = "front"
RECORDING = RECORDINGS / "kopitiam_2spk.flac"
"""Its first seconds have words that are counted."""


def names_of(*chosen: Stage) -> tuple[str, ...]:
    """Return the names of the processes of these stages."""
    settings = Settings()
    return tuple(
        stage_process(settings, stage, worker).name
        for stage in chosen
        for worker in range(worker_count(settings, stage))
    )


ROUTINE = 3_000
"""Lines of a log in which a process that was restarted said why it ended."""
EVERY_STAGE = names_of(*stages.ALL)
EVERYBODY = (*EVERY_STAGE, *SERVERS, FRONT)
IDLE_MS = 150_000
"""A session whose phone says nothing has ended: later than any fault keeps phones away."""
FINAL_S = 300.0
"""A session is final within this time after its end, at a load that the machine holds."""


@dataclass
class Scene:
    """A stack whose parts reach the servers through networks of their own; phones record on it."""

    stack: RunningStack
    network: Mapping[str, TcpProxy]
    load: Load
    disks: Mapping[str, Path] = field(default_factory=dict)
    final_s: float = FINAL_S
    """For how long the end of a session is waited for: longer where more talk waits."""

    @property
    def supervisor(self) -> Supervisor:
        """The supervisor of the stack."""
        return self.stack.stack.supervisor

    def final(self, owner: str, session_id: str) -> Session:
        """The session when nothing is worked on any more. Blocking.

        Raises ValueError for one that failed, and TimeoutError.
        """
        with closing(ApiClient(self.stack.settings, owner)) as asking:
            return asking.await_final(SessionId(session_id), lambda _: None, self.final_s)

    def start(self, names: Sequence[str]) -> None:
        """Start processes that were stopped. Does not block."""
        self.supervisor.start_missing(names)

    def mend(self) -> None:
        """Start whatever is away: an injection that failed leaves nothing to those after it."""
        self.start(self.stack.names())

    def kill(self, name: str, away_s: float = 0.0) -> None:
        """Send SIGKILL; the process comes back after `away_s`. Blocking."""
        self.stack.kill(name)
        if away_s:
            self.stop(name, away_s)

    def stop(self, name: str, away_s: float) -> None:
        """Send SIGTERM; the process comes back after `away_s`. Blocking."""
        self.supervisor.stop([name])
        time.sleep(away_s)
        self.start([name])

    def freeze(self, name: str, for_s: float) -> None:
        """Pause the process for so long. Blocking."""
        with self.frozen([name]):
            time.sleep(for_s)

    @contextmanager
    def frozen(self, names: Sequence[str]) -> Iterator[None]:
        """Pause processes while the block runs."""
        pids = [self.stack.pid(name) for name in names]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    @contextmanager
    def full(self, server: str) -> Iterator[None]:
        """The server's disk is full while the block runs. Skips where nobody may mount one."""
        if server not in self.disks:
            pytest.skip("filling a disk needs root, to mount a small one")
        with filled(self.disks[server]):
            yield

    @contextmanager
    def without(self, names: Sequence[str]) -> Iterator[None]:
        """Processes that were told to end are away while the block runs."""
        self.supervisor.stop(names)
        try:
            yield
        finally:
            self.start(names)

    @contextmanager
    def stand_ins(self, kind: str, *of: Stage, worker: int = 0) -> Iterator[list[Child]]:
        """Run workers of a kind of `tests/faults/stand_ins.py`: for `of`, with this number each.

        Those of the first worker answer at its port: it has to be away. Others have no port: the
        stack has one worker of some stages, and ports for no more.
        """
        processes = [stage_process(self.stack.settings, stage, worker) for stage in of]
        port = {"LAHSTATS_HEALTH_PORT": "0"} if worker else {}
        workers = [self._stand_in(kind, process, port) for process in processes]
        try:
            yield workers
        finally:
            for one in workers:
                one.stop()

    def _stand_in(self, kind: str, process: Process, port: Mapping[str, str]) -> Child:
        python, option, module = process.command
        log = self.stack.settings.data_dir / f"{kind}-{process.name}.log"
        with log.open("wb") as out:
            started = subprocess.Popen(
                [python, option, "tests.faults.stand_ins", kind, module],
                env={**os.environ, **process.environment, **port},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        return Child(process.name, started, log)

    def last_words(self, name: str) -> str:
        """Return what a process said lately beside routine: there is why it ended."""
        lines = self.supervisor.log_tail(name, ROUTINE).splitlines()
        return "\n".join([line for line in lines if '"level": "info"' not in line][-30:])

    def status_of(self, name: str) -> ProcessStatus:
        """Return what `lahstats status` says of a process."""
        return next(one for one in self.stack.stack.status() if one.name == name)

    def unfinished_objects(self) -> list[Path]:
        """Return the files in which the store keeps what is no object yet."""
        found = (self.stack.settings.data_dir / "s3").rglob(".sgwtmp/**/*")
        return [path for path in found if path.is_file()]

    def disturb(self, servers: Sequence[str], weather: Weather, for_s: float) -> None:
        """Between the parts and these servers the network is like this for so long. Blocking."""
        networks = [self.network[server] for server in servers]
        for network in networks:
            network.become(weather)
        try:
            time.sleep(for_s)
        finally:
            for network in networks:
                network.become(FINE)


@dataclass(frozen=True)
class Parts:
    """A stack, the networks to its servers, and the disks of those that can be filled."""

    stack: RunningStack
    network: Mapping[str, TcpProxy]
    disks: Mapping[str, Path]


def publish(settings: Settings, messages: Sequence[Outgoing]) -> None:
    """Write messages that no stage would write on the topics of a stack. Blocking."""
    with closing(KafkaPublisher(settings.kafka, timeout_s=60)) as publisher:
        publisher.publish(messages)


@contextmanager
def stack_to_disturb(folder: Path) -> Iterator[Parts]:
    """Yield a stack of its own. Blocks for a minute or two."""
    base = free_port_base()
    with ExitStack() as opened:
        disks = opened.enter_context(small_disks(folder))
        network = {
            server: opened.enter_context(TcpProxy(f"{HOST}:{base + PORTS[server]}"))
            for server in SERVERS
        }
        addresses = {
            "KAFKA": network["kafka"].address,
            "S3_ENDPOINT": network["s3"].address,
            "CLICKHOUSE_URL": f"http://{network['clickhouse'].address}",
        }
        up = running(
            folder,
            PORT_BASE=str(base),
            GRACE_MS="8000",
            IDLE_MS=str(IDLE_MS),
            **addresses,
        )
        yield Parts(opened.enter_context(up), network, disks)
