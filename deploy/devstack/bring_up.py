"""Bringing processes up: each starts as soon as the servers that it needs are prepared."""

import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from adapters.settings import Settings
from deploy.devstack.obstacles import StackError
from deploy.devstack.probing import ask
from deploy.devstack.processes import Process
from deploy.devstack.supervision import Supervisor
from deploy.prepare.main import PREPARATIONS, Preparation
from schemas.stage_kinds import Need

PATIENCE_S = 120.0
"""Seconds in which no process comes up until the rest is given up."""
POLL_S = 0.1
WHAT_TO_DO = (
    "`lahstats logs NAME` says more, `lahstats up` goes on, `lahstats down` stops what is up"
)


class BringUp:
    """One attempt. `run` blocks between two names that it yields.

    Servers are prepared on threads of their own, so that none waits for another. `prepared` are
    those that were prepared before.
    """

    def __init__(
        self,
        settings: Settings,
        supervisor: Supervisor,
        prepared: Iterable[Need] = (),
        patience_s: float = PATIENCE_S,
        preparations: Sequence[Preparation] = PREPARATIONS,
    ) -> None:
        self._settings = settings
        self._supervisor = supervisor
        self._patience_s = patience_s
        self._waiting: dict[str, Process] = {}
        self._started: set[str] = set()
        self._prepared = {Need.MODELS, *prepared}
        self._preparations = preparations
        self._preparing: dict[Preparation, Future[None]] = {}

    def run(self, processes: Iterable[Process]) -> Iterator[str]:
        """Start `processes`, and yield the name of each as it answers, and what was prepared.

        Raises StackError when nothing came up for `patience_s`, or a server cannot be prepared.
        It says of each process whether it lives, what it waits for, and what it logged last.
        """
        self._waiting = {process.name: process for process in processes}
        last_s = time.monotonic()
        with ThreadPoolExecutor(len(self._preparations), thread_name_prefix="prepare") as pool:
            while self._waiting or self._preparing:
                self._start_what_can()
                for name in [*self._answering(pool), *self._newly_prepared(pool)]:
                    last_s = time.monotonic()
                    yield name
                if time.monotonic() - last_s > self._patience_s:
                    raise StackError(self._account())
                time.sleep(POLL_S)

    def _start_what_can(self) -> None:
        fresh = [p for p in self._waiting.values() if p.name not in self._started]
        startable = [p.name for p in fresh if not self._lacks(p)]
        if not startable:
            return
        self._supervisor.start_missing(startable)
        self._started.update(startable)

    def _lacks(self, process: Process) -> list[Need]:
        return sorted(process.needs - self._prepared)

    def _answering(self, pool: ThreadPoolExecutor) -> Iterator[str]:
        for name in self._started & set(self._waiting):
            process = self._waiting[name]
            if not ask(self._settings, process).ready:
                continue
            del self._waiting[name]
            if process.serves is not None:
                self._begin(pool, process.serves)
            yield name

    def _begin(self, pool: ThreadPoolExecutor, server: Need | None) -> None:
        for one in self._preparations:
            if one.server is server:
                self._preparing[one] = pool.submit(one.run, self._settings)

    def _newly_prepared(self, pool: ThreadPoolExecutor) -> Iterator[str]:
        for one in [one for one, future in self._preparing.items() if future.done()]:
            if error := self._preparing.pop(one).exception():
                why = f"{one.made} cannot be made ready: {error}"
                raise StackError(f"{why}; {WHAT_TO_DO}") from error
            if one.server is not None:
                self._prepared.add(one.server)
                if self._prepared.issuperset(Need):
                    self._begin(pool, None)
            yield one.made

    def _account(self) -> str:
        silent = [process for process in self._waiting.values() if process.name in self._started]
        lines = [f"nothing came up for {self._patience_s:g} s:"]
        lines += [self._waits(process) for process in self._waiting.values()]
        lines += [f"{one.made}: being made ready" for one in self._preparing]
        for process in silent:
            lines += [
                f"--- {process.name}",
                self._supervisor.log_tail(process.name),
            ]
        lines.append(WHAT_TO_DO)
        return "\n".join(lines)

    def _waits(self, process: Process) -> str:
        if process.name not in self._started:
            return f"{process.name}: not started, it needs {', '.join(self._lacks(process))}"
        state = self._supervisor.states()[process.name]
        said = ask(self._settings, process).text
        return f"{process.name}: {state.name.lower()} ({state.description}); {said}"
