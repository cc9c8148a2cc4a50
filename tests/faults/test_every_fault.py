"""Every fault of the registry, one after the other. Each run writes its line of the page."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults import page, under_load
from tests.faults.load import Load, clip_of
from tests.faults.registry import Fault, Outcome, faults
from tests.faults.runs.soak import SOAK
from tests.faults.scene import RECORDING, Parts, Scene, stack_to_disturb
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


CHOSEN = [fault for fault in faults() if (fault.name == SOAK) == ("SOAK" in os.environ)]
"""`make soak` makes the soak, `make faults` all others."""


@pytest.mark.parametrize("fault", CHOSEN, ids=lambda fault: fault.name)
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


def _under_load(fault: Fault, ground: Ground) -> Outcome:
    assert fault.inject is not None
    parts = ground.parts
    load = Load(parts.stack.settings, ground.clip)
    scene = Scene(parts.stack, parts.network, load, parts.disks)
    return under_load.run(fault.inject, scene, ground.expected, fault.may_restart)
