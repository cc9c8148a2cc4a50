"""Several faults, one after the other, under one load: everything is compared at their end."""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.faults import under_load
from tests.faults.disks import is_full
from tests.faults.registry import Fault, Outcome
from tests.faults.scene import Scene

BACK_S = 180.0


@dataclass
class Storm:
    """`faults` in their order, each at least `every_s` after the one before."""

    faults: Iterable[Fault]
    every_s: float = 0.0
    injected: list[Fault] = field(default_factory=list)
    complaints: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """For each fault, what went wrong while it was injected or mended."""
    recovered: dict[str, str] = field(default_factory=dict)
    """For each fault, how long after its end all was well again."""
    left: Mapping[str, int] = field(default_factory=dict)
    """The pid of each process when the last fault was over."""

    def inject(self, scene: Scene) -> None:
        """Inject one after the other, and wait for the recovery of each. Blocking."""
        for fault in self.faults:
            began_s = time.monotonic()
            before = under_load.pids(scene.stack)
            self._inject(scene, fault)
            time.sleep(max(0.0, began_s + self.every_s - time.monotonic()))
            self.left = under_load.pids(scene.stack)
            self._judge(scene, fault, under_load.changed(before, self.left))

    def outcomes(self, of_all: Outcome) -> Iterator[tuple[Fault, Outcome]]:
        """Yield each. A difference that was found at the end may be of any of them."""
        injected = {fault.name: fault for fault in self.injected}
        load = f"one of {len(injected)} faults under one load: {of_all.load}"
        for name, fault in injected.items():
            found = [*of_all.differences, *self.complaints[name]]
            yield fault, Outcome(load, self.recovered[name], found)

    def _inject(self, scene: Scene, fault: Fault) -> None:
        assert fault.inject is not None
        print(f"--- {datetime.now(UTC):%H:%M:%S} {fault.name}")
        self.injected.append(fault)
        mended_s = time.monotonic()
        try:
            fault.inject(scene)
            mended_s = time.monotonic()
            scene.stack.await_answers(BACK_S)
            scene.load.await_acknowledged(mended_s, BACK_S)
        except Exception as error:  # noqa: BLE001 - the other faults have their turns all the same
            self._complain(fault, f"{type(error).__name__}: {error}")
            scene.mend()
            with suppress(TimeoutError):
                scene.stack.await_answers(BACK_S)
        self.recovered[fault.name] = f"well again {time.monotonic() - mended_s:.1f} s after it"

    def _judge(self, scene: Scene, fault: Fault, restarted: Sequence[str]) -> None:
        for name in restarted:
            if name not in fault.may_restart:
                print(f"--- {name}", scene.last_words(name), sep="\n")
                self._complain(fault, f"{name} was restarted")
        for server, disk in scene.disks.items():
            if is_full(disk):
                self._complain(fault, f"the disk of {server} is full, and no fault filled it")

    def _complain(self, fault: Fault, what: str) -> None:
        self.complaints[fault.name].append(f"{fault.name}: {what}")
        print(self.complaints[fault.name][-1])
