"""`up`, `down`, `status`: the life of the local stack."""

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import httpx

from adapters.settings import Settings
from deploy.devstack.processes import Process, servers, stage_processes
from deploy.devstack.supervision import ProcessState, Supervisor
from deploy.prepare import credentials, kafka_topics
from deploy.prepare.main import prepare

START_TIMEOUT_S = 120.0
POLL_S = 0.1


class StackError(Exception):
    """A process did not come up; the text names it and shows its last log lines."""


@dataclass(frozen=True)
class ProcessStatus:
    """One process: the supervisor's state of it, and whether it says that it can work."""

    name: str
    state: str
    answers: bool
    pid: int


class Stack:
    """One stack: a data folder and a port base. Two can run side by side."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.supervisor = Supervisor(settings.data_dir)

    def up(self) -> Iterator[str]:
        """Start everything, and yield the name of each process as it answers.

        Blocking. Does nothing to processes that run already. Raises StackError.
        """
        credentials.ensure(self.settings.data_dir)
        self.settings = Settings()
        os.environ["LAHSTATS_DATA_DIR"] = str(self.settings.data_dir.resolve())
        first = servers(self.settings)
        second = stage_processes(self.settings)
        if not self.supervisor.running():
            self.supervisor.launch([*first, *second])
        self._start(first)
        yield from self._await(first)
        prepare(self.settings)
        yield "topics, bucket, tables"
        self._start(second)
        yield from self._await(second)

    def _start(self, processes: Sequence[Process]) -> None:
        states = self.supervisor.states()
        stopped = [p.name for p in processes if not states[p.name].is_up]
        self.supervisor.start(stopped)

    def _await(self, processes: Sequence[Process]) -> Iterator[str]:
        waiting = {process.name: process for process in processes}
        deadline = time.monotonic() + START_TIMEOUT_S
        while waiting:
            for name in [name for name, process in waiting.items() if self._answers(process)]:
                del waiting[name]
                yield name
            if waiting and time.monotonic() > deadline:
                raise self._silent(sorted(waiting))
            time.sleep(POLL_S)

    def _silent(self, names: Sequence[str]) -> StackError:
        logs = "\n".join(f"--- {name}\n{self.supervisor.log_tail(name)}" for name in names)
        head = f"{', '.join(names)} did not answer within {START_TIMEOUT_S:.0f} s. Last log lines:"
        return StackError(f"{head}\n{logs}")

    def _answers(self, process: Process) -> bool:
        if process.name == "kafka":
            return kafka_topics.broker_answers(self.settings)
        try:
            return httpx.get(process.probe, timeout=1).is_success
        except httpx.HTTPError:
            return False

    def status(self) -> list[ProcessStatus]:
        """Return every process with its state. Empty when no supervisor runs."""
        if not self.supervisor.running():
            return []
        states = self.supervisor.states()
        processes = [*servers(self.settings), *stage_processes(self.settings)]
        present = [process for process in processes if process.name in states]
        return [self._status(process, states[process.name]) for process in present]

    def _status(self, process: Process, state: ProcessState) -> ProcessStatus:
        return ProcessStatus(process.name, state.name.lower(), self._answers(process), state.pid)

    def down(self) -> None:
        """Stop everything that this stack started. Does nothing when nothing runs."""
        if self.supervisor.running():
            self.supervisor.shutdown()
