"""`up`, `down`, `status`: the life of the local stack."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from adapters.settings import Settings
from deploy.devstack import front
from deploy.devstack.bring_up import BringUp
from deploy.devstack.folder_lock import FolderLock
from deploy.devstack.interruptions import undisturbed
from deploy.devstack.obstacles import (
    Address,
    StackError,
    await_free,
    refuse_machine,
    refuse_taken,
)
from deploy.devstack.probing import ask
from deploy.devstack.processes import Process, front_door, servers, stage_processes
from deploy.devstack.supervision import ProcessState, Supervisor
from deploy.prepare import credentials
from deploy.prepare.private_file import make_private
from schemas.stage_kinds import Need, Stage
from schemas.stages import ALL, STOPS_WITHIN_S


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
    """One stack: a data folder and a port base. Two can run side by side.

    `of`: the stages that it has; its servers are always all.
    """

    def __init__(self, settings: Settings, of: Sequence[Stage] = ALL) -> None:
        self.settings = settings
        self._of = of
        self.supervisor = Supervisor(settings.data_dir)
        self._lock = FolderLock(settings.data_dir)

    def up(self) -> Iterator[str]:
        """Start everything, and yield the name of each process as it answers.

        Voices and words of people are in the folder: nobody else on the machine reads it then.
        Blocking. Does nothing to processes that run already, but starts the front door again when
        it has another address. Raises StackError, and OSError when the folder cannot be used.
        Processes that load models are started last and not waited for: see `await_models`.
        """
        if not self.supervisor.running():
            refuse_machine(self.settings.data_dir)
            make_private(self.settings.data_dir)
        with self._lock.held():
            credentials.ensure(self.settings.data_dir)
            self.settings = Settings()
            os.environ["LAHSTATS_DATA_DIR"] = str(self.settings.data_dir.resolve())
            is_changed = front.write(self.settings)
            processes = self._processes()
            self._have_supervisor(processes, is_changed)
            attempt = BringUp(self.settings, self.supervisor)
            yield from attempt.run([process for process in processes if not process.loads_models])
            self.supervisor.start_missing([process.name for process in self._with_models()])

    def _have_supervisor(self, processes: list[Process], is_front_changed: bool) -> None:
        """A supervisor runs, and nobody else is where processes that do not run would be.

        Raises StackError, also when the one that runs was started with fewer workers.
        """
        if not self.supervisor.running():
            self.supervisor.await_end()
            if self.supervisor.was_killed():
                await_free(_addresses(processes), STOPS_WITHIN_S)
            refuse_taken(_addresses(processes))
            with undisturbed():
                self.supervisor.launch(processes)
            return
        states = self.supervisor.states()
        unknown = [one.name for one in processes if one.name not in states]
        if unknown:
            names = ", ".join(unknown)
            raise StackError(f"the stack that runs has no {names}: `lahstats down` first")
        if is_front_changed:
            self.supervisor.stop(["front"])
            states = self.supervisor.states()
        refuse_taken(_addresses(one for one in processes if not states[one.name].pid))

    def _processes(self) -> list[Process]:
        return [*servers(self.settings), front_door(self.settings), *self._stages()]

    def _stages(self) -> list[Process]:
        return stage_processes(self.settings, self._of)

    def loading_models(self) -> list[str]:
        """Return the names of the processes that have yet to load their models."""
        loading = [one for one in self._with_models() if not ask(self.settings, one).ready]
        return [process.name for process in loading]

    def _with_models(self) -> list[Process]:
        return [process for process in self._stages() if process.loads_models]

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
        if not self.supervisor.running():
            yield
            return
        running = self.supervisor.states()
        names = [one.name for one in self._stages() if one.name in running]
        with self._lock.held():
            self.supervisor.stop(names)
            try:
                yield
            finally:
                self.supervisor.start(names)

    def down(self) -> None:
        """Stop everything that this stack started. Does nothing when nothing runs.

        Blocking. Raises StackError when another command works on this stack.
        """
        if not self.settings.data_dir.is_dir():
            return
        with self._lock.held():
            if self.supervisor.running():
                self.supervisor.shutdown()


def _addresses(processes: Iterable[Process]) -> list[Address]:
    return [address for process in processes for address in process.listens]
