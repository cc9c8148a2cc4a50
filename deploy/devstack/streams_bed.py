"""A broker, an object store and streams workers, without the rest of the stack.

For benchmarks and tests that look at the folds alone: they speak on topics and signal processes.
"""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from operator import not_
from pathlib import Path

from adapters.settings import Settings
from deploy.devstack.free_ports import free_port_base
from deploy.devstack.probing import ProbeAnswer, ask
from deploy.devstack.processes import servers, stage_process
from deploy.prepare import credentials
from deploy.prepare.main import PREPARATIONS
from deploy.waiting import until
from schemas import stages
from schemas.stage_kinds import Need

NEEDS = (Need.KAFKA, Need.OBJECTS)
"""The servers of a bed: those that serve this."""
START_TIMEOUT_S = 120
READY_TIMEOUT_S = 240


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
            self._process.wait(stages.STOPS_WITHIN_S)
        self.kill()

    def tail(self, lines: int = 15) -> str:
        """Return the last lines that the process wrote."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


class Worker(Child):
    """One streams worker."""

    def __init__(
        self,
        name: str,
        process: "subprocess.Popen[bytes]",
        log: Path,
        ask_it: Callable[[], ProbeAnswer],
    ) -> None:
        """`ask_it` asks whether the worker can work."""
        super().__init__(name, process, log)
        self._ask = ask_it

    def is_ready(self) -> bool:
        """Return whether the worker says that it can work. Blocks for a second at most."""
        return self._ask().ready

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
        described = stage_process(self.settings, stages.STREAMS, number)
        name = f"{stages.STREAMS.name}-{number}"
        launched = self._launch(name, described.command, described.environment)
        worker = Worker(name, *launched, partial(ask, self.settings, described))
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
    wanted = [server for server in servers(bed.settings) if server.serves in NEEDS]
    for server in wanted:
        bed.run(server.name, server.command, **server.environment)
    until(
        lambda: [server.name for server in wanted if not ask(bed.settings, server).ready],
        not_,
        START_TIMEOUT_S,
    )
    for preparation in PREPARATIONS:
        if preparation.server in NEEDS:
            preparation.run(bed.settings)
