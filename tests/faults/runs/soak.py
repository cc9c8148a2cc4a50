"""Random faults, one after the other, while more people talk than the machine can hold.

`make soak MINUTES=60 SEED=7`. Everything that `make faults` compares after one fault is compared
at the end of all of them.
"""

import os
import time
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from random import Random, SystemRandom

from deploy.devstack.running_stack import RunningStack
from tests.faults import under_load
from tests.faults.footprint import Footprints
from tests.faults.load import Load, clip_of
from tests.faults.registry import Fault, Outcome, fault_alone, faults
from tests.faults.scene import RECORDING, Scene, stack_to_disturb

SOAK = "soak"
EVERY_S = 120.0
"""From the begin of a fault to that of the next."""
BACK_S = 180.0
MODEL_STAGES = ("transcribe", "diarize", "cluster")
MOST_PHONES = 60


@fault_alone(
    SOAK,
    rows=("23", "18"),
    injected="a random fault every two minutes, at twice the load that the machine holds",
)
def soak(folder: Path) -> Outcome:
    minutes = float(os.environ.get("MINUTES", "60"))
    seed = int(os.environ.get("SEED") or SystemRandom().randrange(1_000_000))
    print(f"soak: {minutes:g} minutes, SEED={seed}")
    clip = clip_of(RECORDING, folder)
    with stack_to_disturb(folder / "stack") as parts:
        expected = under_load.undisturbed(parts.stack, Load(parts.stack.settings, clip, phones=1))
        phones = twice_what_is_held(parts.stack, expected.audio_s)
        scene = Scene(
            parts.stack, parts.network, Load(parts.stack.settings, clip, phones), parts.disks
        )
        storm = Storm(Random(seed), minutes * 60)
        with Footprints(lambda: under_load.pids(parts.stack)) as footprints:
            outcome = under_load.run(storm.inject, scene, expected, parts.stack.names())
    return Outcome(
        f"{minutes:g} minutes, seed {seed}, {outcome.load}; {', '.join(storm.injected)}",
        outcome.recovery,
        [*outcome.differences, *storm.complaints, *footprints.grown()],
    )


def twice_what_is_held(stack: RunningStack, audio_s: float) -> int:
    """Phones that talk twice as much as the model stages can work through, as one session took."""
    work_s = [
        stack.metrics(stage)[f'lahstats_work_seconds_sum{{stage="{stage}"}}']
        for stage in MODEL_STAGES
    ]
    cores = os.cpu_count() or 1
    held = audio_s / max(*work_s, sum(work_s) / cores)
    return min(MOST_PHONES, ceil(2 * held))


@dataclass
class Storm:
    """The faults of a soak, in an order that the dice say."""

    dice: Random
    duration_s: float
    injected: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def inject(self, scene: Scene) -> None:
        """Inject one after the other. Blocking, for `duration_s` and the last one's recovery."""
        until_s = time.monotonic() + self.duration_s
        choice = [fault for fault in faults() if fault.inject is not None]
        while time.monotonic() < until_s:
            began_s = time.monotonic()
            self._inject(scene, self.dice.choice(choice))
            time.sleep(max(0.0, min(began_s + EVERY_S, until_s) - time.monotonic()))

    def _inject(self, scene: Scene, fault: Fault) -> None:
        assert fault.inject is not None
        before = under_load.pids(scene.stack)
        print(f"soak: {fault.name}")
        self.injected.append(fault.name)
        try:
            fault.inject(scene)
            scene.stack.await_answers(BACK_S)
        except (AssertionError, TimeoutError) as error:
            self.complaints.append(f"{fault.name}: {error}")
        restarted = under_load.changed(before, under_load.pids(scene.stack))
        self.complaints += [
            f"{fault.name}: {name} was restarted"
            for name in restarted
            if name not in fault.may_restart
        ]
