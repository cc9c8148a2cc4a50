"""`up`, `down`, `status`: the life of the local stack."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx

from adapters.settings import Settings
from deploy.devstack.processes import Process, servers, stage_processes
from deploy.devstack.supervision import Supervisor
from deploy.prepare import credentials, kafka_topics
from deploy.prepare.main import prepare

START_S = 120.0


class StackError(Exception):
    """A part did not come up; the text names it and shows its last log lines."""


@dataclass(frozen=True)
class PartStatus:
    """One line of `lahstats status`."""

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
        """Start everything; yields each part's name as it answers. Blocking; raises StackError."""
        credentials.ensure(self.settings.data_dir)
        self.settings = Settings()
        os.environ["LAHSTATS_DATA_DIR"] = str(self.settings.data_dir.resolve())
        first, second = servers(self.settings), stage_processes(self.settings)
        if not self.supervisor.running():
            self.supervisor.launch([*first, *second])
        self._start(first)
        yield from self._await(first)
        prepare(self.settings)
        yield "topics, bucket, tables"
        self._start(second)
        yield from self._await(second)

    def _start(self, processes: list[Process]) -> None:
        states = self.supervisor.states()
        self.supervisor.start(
            [
                p.name
                for p in processes
                if states[p.name]["statename"] not in ("RUNNING", "STARTING")
            ]
        )

    def _await(self, processes: list[Process]) -> Iterator[str]:
        waiting, deadline = {p.name: p for p in processes}, time.monotonic() + START_S
        while waiting:
            for name in [n for n, p in waiting.items() if self._answers(p)]:
                del waiting[name]
                yield name
            if waiting and time.monotonic() > deadline:
                self._give_up(sorted(waiting))
            time.sleep(0.1)

    def _give_up(self, names: list[str]) -> None:
        logs = "\n".join(f"--- {name}\n{self.supervisor.log_tail(name)}" for name in names)
        raise StackError(
            f"{', '.join(names)} did not answer within {START_S:.0f} s. Last log lines:\n{logs}"
        )

    def _answers(self, process: Process) -> bool:
        if process.name == "kafka":
            return kafka_topics.broker_answers(self.settings)
        try:
            return httpx.get(process.probe, timeout=1).status_code == 200
        except httpx.HTTPError:
            return False

    def status(self) -> list[PartStatus]:
        """Every part, whether it runs and whether it answers. Empty when no supervisor runs."""
        if not self.supervisor.running():
            return []
        states = self.supervisor.states()
        parts = [*servers(self.settings), *stage_processes(self.settings)]
        return [self._part(p, states[p.name]) for p in parts if p.name in states]

    def _part(self, process: Process, state: dict[str, object]) -> PartStatus:
        return PartStatus(
            process.name,
            str(state["statename"]).lower(),
            self._answers(process),
            int(str(state["pid"])),
        )

    def down(self) -> None:
        """Stop everything this stack started; nothing happens when nothing runs."""
        if self.supervisor.running():
            self.supervisor.shutdown()
