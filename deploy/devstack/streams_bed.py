"""A broker, an object store and streams workers, without the rest of the stack.

For benchmarks and tests that look at the folds alone: they speak on topics and signal processes.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from adapters.objects.lexicons import Lexicons, shipped_lexicon_bytes
from adapters.objects.s3 import S3BlobStore
from adapters.settings import Settings
from deploy.devstack.free_ports import free_port_base
from deploy.devstack.processes import THREADS, servers
from deploy.prepare import credentials
from deploy.prepare.kafka_topics import broker_answers, create_topics
from deploy.waiting import until
from schemas import stages

SERVERS = ("kafka", "s3")
START_TIMEOUT_S = 120
READY_TIMEOUT_S = 240
END_TIMEOUT_S = 40
"""A process that has not ended so long after SIGTERM is killed."""


class Child:
    """One process that was started here, with its log. Nobody starts it again when it ends."""

    def __init__(self, name: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.name = name
        self.log = log
        self._process = process

    @property
    def pid(self) -> int:
        """The process's id; a process that ended keeps it."""
        return self._process.pid

    def runs(self) -> bool:
        """Return whether the process has not ended."""
        return self._process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal. Does nothing to a process that ended."""
        if self.runs():
            self._process.send_signal(number)

    def kill(self) -> None:
        """Send SIGKILL. Blocks until the process is gone."""
        self.signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """Send SIGTERM, to a paused process too. Blocks until it is gone; kills it when late."""
        self.signal(signal.SIGTERM)
        self.signal(signal.SIGCONT)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(END_TIMEOUT_S)
        self.kill()

    def tail(self, lines: int = 15) -> str:
        """Return the last lines that the process wrote."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


class Worker(Child):
    """One streams worker."""

    probe = ""

    def is_ready(self) -> bool:
        """Return whether the worker says that it can work. Blocks for a second at most."""
        return _answers(self.probe)

    def await_ready(self, timeout_s: float = READY_TIMEOUT_S) -> None:
        """Block until it is ready. Raises RuntimeError, with its last lines, when it ended."""

        def ready_or_gone() -> bool:
            return self.is_ready() or not self.runs()

        until(ready_or_gone, bool, timeout_s, complaint=f"{self.name} is not ready")
        if not self.runs():
            raise RuntimeError(f"{self.name} ended:\n{self.tail()}")


@dataclass
class StreamsBed:
    """The servers are up, topics and bucket are made. Processes are this object's to stop."""

    settings: Settings
    overrides: Mapping[str, str]
    children: list[Child] = field(default_factory=list)

    def run(self, name: str, command: Sequence[str], **environment: str) -> Child:
        """Start a command with the settings of this bed in its environment. Does not block."""
        child = Child(name, *self._launch(name, command, environment))
        self.children.append(child)
        return child

    def worker(self, number: int = 0) -> Worker:
        """Start streams worker `number`, from 0. Does not block."""
        port = self.settings.port_base + stages.STREAMS.health_port + number
        environment = {
            **THREADS,
            "LAHSTATS_HEALTH_PORT": str(port),
            "LAHSTATS_WORKER": str(number),
        }
        name = f"streams-{number}"
        command = [sys.executable, "-m", stages.STREAMS.module]
        worker = Worker(name, *self._launch(name, command, environment))
        worker.probe = f"http://{self.settings.host}:{port}/readyz"
        self.children.append(worker)
        return worker

    def _launch(
        self, name: str, command: Sequence[str], environment: Mapping[str, str]
    ) -> tuple["subprocess.Popen[bytes]", Path]:
        log = self.settings.data_dir / f"{name}.log"
        own = {f"LAHSTATS_{name}": value for name, value in self.overrides.items()}
        with log.open("ab") as out:
            process = subprocess.Popen(
                command,
                env={**os.environ, **own, **environment},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        return process, log


@contextmanager
def streams_bed(folder: Path, **overrides: str) -> Iterator[StreamsBed]:
    """Yield servers in `folder` on ports of their own; everything started ends with the block.

    `overrides` are settings by their names in capitals. Blocks for about ten seconds.
    """
    base = free_port_base()
    values = {"DATA_DIR": str(folder.resolve()), "PORT_BASE": str(base), **overrides}
    credentials.ensure(folder)
    settings = Settings(**{name.lower(): value for name, value in values.items()})
    bed = StreamsBed(settings, values)
    try:
        _serve(bed)
        yield bed
    finally:
        for child in reversed(bed.children):
            child.stop()


def _serve(bed: StreamsBed) -> None:
    for server in servers(bed.settings):
        if server.name in SERVERS:
            bed.run(server.name, server.command, **server.environment)
            probe = server.probe
    until(lambda: _answers(probe) and broker_answers(bed.settings), bool, START_TIMEOUT_S)
    create_topics(bed.settings)
    blobs = S3BlobStore(bed.settings)
    blobs.ensure_bucket()
    Lexicons(blobs).put(shipped_lexicon_bytes())


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=1).is_success
    except httpx.HTTPError:
        return False
