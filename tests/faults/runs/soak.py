"""Random faults, one after the other, while more people talk than the machine can hold.

`make soak MINUTES=60 SEED=7`. Everything that `make faults` compares after one fault is compared
at the end of all of them, and each fault that came gets its line.
"""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from itertools import chain, count, takewhile
from math import ceil, inf
from pathlib import Path
from random import Random, SystemRandom

import httpx

from deploy.benchmark.process_use import cpu_s
from deploy.devstack.running_stack import RunningStack
from deploy.meanwhile import meanwhile
from schemas import stages
from tests.faults import page, under_load
from tests.faults.footprint import Footprints
from tests.faults.load import Load, clip_of
from tests.faults.registry import Fault, Outcome, fault_alone, faults
from tests.faults.scene import FINAL_S, RECORDING, Scene, names_of, stack_to_disturb
from tests.faults.storm import Storm

SOAK = "soak"
EVERY_S = 120.0
"""From the begin of a fault to that of the next."""
MODEL_STAGES = (stages.TRANSCRIBE, stages.DIARIZE, stages.CLUSTER)
MOST_PHONES = 60
MOST_WAITS_S = 600.0
"""Talk that may wait for one model stage.

At twice the load, an hour of phones would leave an hour of work, and each fault that waits for a
session would wait for all of it.
"""
LOOK_S = 5.0
WORKS_ALL_AGAIN = "everything-replayed"
"""It would have the talk of the whole hour worked on again. It has a run of its own."""
WAITING = "lahstats_messages_waiting"
KEPT = "lahstats_memory_kept_bytes"
OFFSETS = 2
"""Of a message: one is that of the mark behind its transaction."""


@fault_alone(
    SOAK,
    rows=("23", "18"),
    injected="a random fault every two minutes, at twice the load that the machine holds; when "
    f"{MOST_WAITS_S / 60:g} minutes of talk wait, all phones but one are silent until half of it "
    "is worked on",
)
def soak(folder: Path) -> Outcome:
    minutes = float(os.environ.get("MINUTES", "60"))
    seed = int(os.environ.get("SEED") or SystemRandom().randrange(1_000_000))
    print(f"soak: {minutes:g} minutes, SEED={seed}")
    clip = clip_of(RECORDING, folder)
    with stack_to_disturb(folder / "stack") as parts:
        stack = parts.stack
        under_load.undisturbed(stack, Load(stack.settings, clip, phones=1))
        cold_s = work_s(stack)  # of models that had never worked
        expected = under_load.undisturbed(stack, Load(stack.settings, clip, phones=1))
        held = talk_that_is_held(expected.audio_s, cold_s, work_s(stack))
        load = Load(stack.settings, clip, min(MOST_PHONES, ceil(2 * held)))
        print(f"the models hold {held:.2f} phones: {load.phones} talk")
        # Phones that talk twice as much as is held leave that much work at most.
        scene = Scene(stack, parts.network, load, parts.disks, FINAL_S + MOST_WAITS_S)
        storm = Storm(thrown(Random(seed), minutes * 60), EVERY_S)
        footprints = Footprints(lambda: under_load.pids(stack), partial(kept_mb, stack))

        def watched(scene: Scene) -> None:
            with (
                footprints.watching()
            ):  # not while every session is asked for: nobody reads like that
                storm.inject(scene)

        with in_waves(stack, load, expected.audio_s) as waves:
            outcome = under_load.run(watched, scene, expected, stack.names())
            unasked = under_load.changed(storm.left, under_load.pids(stack))
    print(*footprints.in_words(), sep="\n")
    for fault, of_fault in storm.outcomes(outcome):
        page.write(fault, of_fault)
    held_back = f"all but one silent for {sum(waves) * LOOK_S / 60:.0f} of the minutes"
    names = ", ".join(fault.name for fault in storm.injected)
    return Outcome(
        f"{minutes:g} minutes, seed {seed}, the models hold {held:.1f} phones, {held_back}, "
        f"{outcome.load}; {names}",
        outcome.recovery,
        [
            *outcome.differences,
            *chain.from_iterable(storm.complaints.values()),
            *(f"{name} was restarted after the last fault" for name in unasked),
            *footprints.grown(),
        ],
    )


def kept_mb(stack: RunningStack, name: str) -> float:
    """Megabytes that a worker with models keeps free for its next pass. None of another process.

    They grow with the largest pass that ever was, up to a gigabyte.
    """
    stage, _, worker = name.partition("-")
    if stage in {one.name for one in MODEL_STAGES}:
        with suppress(httpx.HTTPError):
            return stack.metrics(stage, int(worker or 0))[KEPT] / 1e6
    return 0.0


def work_s(stack: RunningStack) -> list[float]:
    """Seconds of CPU of each worker with models until now: others who use the machine add none."""
    return [cpu_s(stack.pid(name)) for name in names_of(*MODEL_STAGES)]


def talk_that_is_held(audio_s: float, before_s: list[float], after_s: list[float]) -> float:
    """Pure: phones that the workers keep up with, which worked so long on `audio_s` of talk."""
    spent_s = [after - before for before, after in zip(before_s, after_s, strict=True)]
    cores = os.cpu_count() or 1
    return audio_s / max(*spent_s, sum(spent_s) / cores)


@contextmanager
def in_waves(stack: RunningStack, load: Load, audio_s: float) -> Iterator[list[bool]]:
    """Phones are held back while too much talk waits. Yields what was decided every LOOK_S.

    Each window of the load is a whole session of `audio_s`.
    """
    decided: list[bool] = []

    def watch() -> None:
        waits_s = max(_waiting(stack, stage.name) for stage in MODEL_STAGES) * audio_s
        load.is_held_back = is_too_much(waits_s, load.is_held_back)
        decided.append(load.is_held_back)

    with meanwhile(watch, LOOK_S):
        yield decided


def _waiting(stack: RunningStack, stage: str) -> float:
    """Messages that wait for a stage, as its worker says. No end of them while it says nothing.

    Nobody works then. In five minutes without workers, phones left twenty minutes of work once.
    """
    with suppress(httpx.HTTPError):
        return waiting_in(stack.metrics(stage))
    return inf


def waiting_in(metrics: Mapping[str, float]) -> float:
    """Pure: the messages that wait, in a worker's metrics; no end of them before it has asked."""
    offsets = [value for name, value in metrics.items() if name.startswith(WAITING)]
    return sum(offsets) / OFFSETS if offsets else inf


def is_too_much(waits_s: float, was_too_much: bool) -> bool:
    """Pure: whether phones are held back while so much talk waits."""
    return waits_s > (MOST_WAITS_S / 2 if was_too_much else MOST_WAITS_S)


def thrown(dice: Random, duration_s: float) -> Iterator[Fault]:
    """Return faults in an order of the dice, until so many seconds are over.

    None comes again before all others have come.
    """
    until_s = time.monotonic() + duration_s
    choice = [fault for fault in faults() if _may_come(fault)]
    rounds = (dice.sample(choice, len(choice)) for _ in count())
    return takewhile(lambda _: time.monotonic() < until_s, chain.from_iterable(rounds))


def _may_come(fault: Fault) -> bool:
    return fault.inject is not None and fault.name != WORKS_ALL_AGAIN
