"""Every fault of the registry, one after the other. Each run writes its line of the page."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pytest

from tests.faults import page, under_load
from tests.faults.load import Load, clip_of
from tests.faults.registry import Fault, Outcome, faults
from tests.faults.runs.soak import SOAK
from tests.faults.scene import EVERYBODY, RECORDING, Parts, Scene, stack_to_disturb
from tests.faults.storm import Storm
from tests.faults.under_load import Undisturbed


@dataclass(frozen=True)
class Ground:
    """One stack for all faults, and the clip that its phones record."""

    parts: Parts
    clip: Path
    expected: Undisturbed


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    folder = tmp_path_factory.mktemp("faults")
    clip = clip_of(RECORDING, folder)
    with stack_to_disturb(folder / "stack") as parts:
        once = Load(parts.stack.settings, clip, phones=1)
        yield Ground(parts, clip, under_load.undisturbed(parts.stack, once))


TOGETHER = os.environ.get("TOGETHER", "").split()
"""Names of faults that share one load: `make faults TOGETHER="kafka-killed s3-frozen"`."""


def chosen() -> list[Fault]:
    """The faults that have a run each: `make soak` makes the soak, `make faults` all others."""
    if TOGETHER:
        return []
    return [fault for fault in faults() if (fault.name == SOAK) == ("SOAK" in os.environ)]


@pytest.mark.parametrize("fault", chosen(), ids=lambda fault: fault.name)
def test_a_fault_loses_and_doubles_nothing(
    fault: Fault, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    if fault.alone is not None:
        outcome = fault.alone(tmp_path)
    else:
        outcome = _under_load(fault, request.getfixturevalue("ground"))
    page.write(fault, outcome)
    print(fault.name, outcome)
    assert outcome.differences == []


@pytest.mark.skipif(not TOGETHER, reason="every fault has a run of its own")
def test_faults_one_after_the_other_lose_and_double_nothing(ground: Ground) -> None:
    together = [fault for fault in faults() if fault.name in TOGETHER]
    assert len(together) == len(TOGETHER), "TOGETHER names a fault that is not there"
    storm = Storm(together)
    outcome = under_load.run(storm.inject, scene_of(ground), ground.expected, EVERYBODY)
    for fault, of_fault in storm.outcomes(outcome):
        page.write(fault, of_fault)
    complaints = [*outcome.differences, *chain.from_iterable(storm.complaints.values())]
    print(outcome, *complaints, sep="\n")
    assert complaints == []


def _under_load(fault: Fault, ground: Ground) -> Outcome:
    assert fault.inject is not None
    return under_load.run(fault.inject, scene_of(ground), ground.expected, fault.may_restart)


def scene_of(ground: Ground) -> Scene:
    """The stack with phones that have not begun."""
    parts = ground.parts
    load = Load(parts.stack.settings, ground.clip)
    return Scene(parts.stack, parts.network, load, parts.disks)
