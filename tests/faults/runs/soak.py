"""Random faults, one after the other, while more people talk than the machine can hold.

`make soak MINUTES=60 SEED=7`. Everything that `make faults` compares after one fault is compared
at the end of all of them.
"""

import os
import time
from collections.abc import Iterator
from itertools import chain
from math import ceil
from pathlib import Path
from random import Random, SystemRandom

from deploy.devstack.running_stack import RunningStack
from tests.faults import under_load
from tests.faults.footprint import Footprints
from tests.faults.load import Load, clip_of
from tests.faults.registry import Fault, Outcome, fault_alone, faults
from tests.faults.scene import FINAL_S, RECORDING, Scene, stack_to_disturb
from tests.faults.storm import Storm

SOAK = "soak"
EVERY_S = 120.0
"""From the begin of a fault to that of the next."""
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
        load = Load(parts.stack.settings, clip, phones)
        # At twice the load, as much talk waits at the end as was worked on.
        final_s = FINAL_S + 2 * minutes * 60
        scene = Scene(parts.stack, parts.network, load, parts.disks, final_s)
        storm = Storm(thrown(Random(seed), minutes * 60), EVERY_S)
        with Footprints(lambda: under_load.pids(parts.stack)) as footprints:
            outcome = under_load.run(storm.inject, scene, expected, parts.stack.names())
    return Outcome(
        f"{minutes:g} minutes, seed {seed}, {outcome.load}; {', '.join(storm.injected)}",
        outcome.recovery,
        [
            *outcome.differences,
            *chain.from_iterable(storm.complaints.values()),
            *footprints.grown(),
        ],
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


def thrown(dice: Random, duration_s: float) -> Iterator[Fault]:
    """Yield faults that the dice choose, until so many seconds are over."""
    until_s = time.monotonic() + duration_s
    choice = [fault for fault in faults() if fault.inject is not None]
    while time.monotonic() < until_s:
        yield dice.choice(choice)
