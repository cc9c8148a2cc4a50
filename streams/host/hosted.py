"""The folds of one worker: whether they are ready, and how they end."""

import time
from collections.abc import Sequence
from concurrent.futures import wait
from dataclasses import dataclass

from adapters.kafka.fuse_gate import FuseGate
from adapters.kafka.intake import Intake
from adapters.table import Table
from streams.host.agent import FoldAgent

CLOSE_S = 15.0
"""All folds together leave their groups within that, of the 30 s that a process has to end."""


@dataclass(frozen=True)
class Hosted:
    """One fold with all that its host needs."""

    agent: FoldAgent
    intake: Intake
    table: Table
    gate: FuseGate


class HostedFolds:
    """All folds of the worker. Methods but `close` return at once, on any thread."""

    def __init__(self, folds: Sequence[Hosted]) -> None:
        self.folds = folds

    def are_ready(self) -> bool:
        """Whether every fold may work on all of its partitions."""
        return all(each.intake.ready for each in self.folds)

    def wait_for(self) -> str:
        """The folds that are not ready: changelog records that each has yet to read, or a fuse."""
        fuses = [(each.agent.name, each.gate.waits_for()) for each in self.folds]
        held = [f"{name}: {words}" for name, words in fuses if words]
        if held:
            return "; ".join(held)
        left = [
            f"{each.agent.name} (records left: {each.intake.records_left:,})"
            for each in self._restoring()
        ]
        return f"tables of {', '.join(left)}"

    def idle_s(self) -> float:
        """Seconds in which no fold that is not ready has come nearer to it; 0 when all are ready.

        A fold whose fuse is open waits for a person.
        """
        progress = [each.intake.progressed_at for each in self._restoring()]
        return time.monotonic() - max(progress) if progress else 0.0

    def _restoring(self) -> list[Hosted]:
        """Those that are not ready, without those whose fuse is open."""
        waiting = [each for each in self.folds if not each.intake.ready]
        return [each for each in waiting if not each.gate.found]

    def close(self) -> bool:
        """Leave all groups. False when a server that is away keeps one from it. Blocking."""
        leaving = [each.agent.leave() for each in self.folds]
        done, late = wait(leaving, CLOSE_S)
        for one in done:
            one.result()
        if late:
            return False
        for each in self.folds:
            each.agent.close()
        return True
