"""`up`, `down`, `status`: the life of the local stack."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from adapters.settings import Settings
from deploy.devstack import front
from deploy.devstack.bring_up import BringUp
from deploy.devstack.probing import ask
from deploy.devstack.processes import Process, front_door, servers, stage_processes
from deploy.devstack.supervision import ProcessState, Supervisor
from deploy.prepare import credentials
from schemas.stage_kinds import Need


@dataclass(frozen=True)
class ProcessStatus:
    """One process: its state, whether it says that it can work, and its words.

    The state is `ready` when it answers, and else the supervisor's: `running` is a process that
    cannot work yet. `says` is empty when it answers and has nothing to add. `restarts` counts the
    ends that nobody asked for, since the stack came up, and `last_exit` says how the last one was.
    """

    name: str
    state: str
    answers: bool
    pid: int
    says: str = ""
    restarts: int = 0
    last_exit: str = ""


class Stack:
    """One stack: a data folder and a port base. Two can run side by side."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.supervisor = Supervisor(settings.data_dir)

    def up(self) -> Iterator[str]:
        """Start everything, and yield the name of each process as it answers.

        Blocking. Does nothing to processes that run already, but starts the front door again when
        it has another address. Raises StackError. Processes that
        load models are started last and not waited for: see `await_models`.
        """
        credentials.ensure(self.settings.data_dir)
        self.settings = Settings()
        os.environ["LAHSTATS_DATA_DIR"] = str(self.settings.data_dir.resolve())
        is_changed = front.write(self.settings)
        processes = self._processes()
        if not self.supervisor.running():
            self.supervisor.launch(processes)
        elif is_changed:
            self.supervisor.stop(["front"])
        attempt = BringUp(self.settings, self.supervisor)
        yield from attempt.run([process for process in processes if not process.loads_models])
        self.supervisor.start_missing([process.name for process in self._with_models()])

    def _processes(self) -> list[Process]:
        stages = stage_processes(self.settings)
        return [*servers(self.settings), front_door(self.settings), *stages]

    def loading_models(self) -> list[str]:
        """Return the names of the processes that have yet to load their models."""
        loading = [one for one in self._with_models() if not ask(self.settings, one).ready]
        return [process.name for process in loading]

    def _with_models(self) -> list[Process]:
        return [process for process in stage_processes(self.settings) if process.loads_models]

    def await_models(self) -> Iterator[str]:
        """Yield the name of each process that loads models as it answers. Blocking.

        Raises StackError.
        """
        attempt = BringUp(self.settings, self.supervisor, prepared=Need)
        yield from attempt.run(self._with_models())

    def status(self) -> list[ProcessStatus]:
        """Return every process with its state. Empty when no supervisor runs."""
        if not self.supervisor.running():
            return []
        states = self.supervisor.states()
        processes = self._processes()
        present = [process for process in processes if process.name in states]
        return [self._status(process, states[process.name]) for process in present]

    def _status(self, process: Process, state: ProcessState) -> ProcessStatus:
        said = ask(self.settings, process)
        says = "" if said.ready and not said.degraded else said.text
        word = "ready" if said.ready else state.name.lower()
        ended = state.endings
        return ProcessStatus(
            process.name, word, said.ready, state.pid, says, ended.restarts, ended.last
        )

    @contextmanager
    def without_stages(self) -> Iterator[None]:
        """Stop every stage meanwhile; the servers go on. Does nothing when nothing runs."""
        names = [one.name for one in stage_processes(self.settings)]
        running = self.supervisor.states() if self.supervisor.running() else {}
        stopped = [name for name in names if name in running]
        if stopped:
            self.supervisor.stop(stopped)
        try:
            yield
        finally:
            if stopped:
                self.supervisor.start(stopped)

    def down(self) -> None:
        """Stop everything that this stack started. Does nothing when nothing runs."""
        if self.supervisor.running():
            self.supervisor.shutdown()
