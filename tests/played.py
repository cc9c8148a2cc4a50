"""Recordings that are played on the shared stack, and which worker had which share of them."""

from dataclasses import dataclass
from operator import sub

from deploy.demo.playback import Played
from deploy.devstack.processes import worker_count
from deploy.devstack.running_stack import RunningStack
from schemas import stages
from schemas.stage_kinds import Stage

WHOLE = "traps_2spk"
"""The recording of the fixture `undisturbed`: both people say words that are counted, "lah" too."""
WINDOWS = 3
"""Of it: 50 s in windows of 20 s."""
STAGES = (stages.TRANSCRIBE, stages.DIARIZE)


@dataclass(frozen=True)
class Shared:
    """A session that was played. `windows`: by stage, how many each of its workers had."""

    played: Played
    windows: dict[str, list[int]]


def played_by_workers(stack: RunningStack, name: str) -> Shared:
    """Play a recording while nothing else is. Blocks until it is counted and claimed."""
    before = _handled(stack)
    played = stack.play(name)
    after = _handled(stack)
    windows = {stage: list(map(sub, after[stage], before[stage])) for stage in after}
    return Shared(played, windows)


def _handled(stack: RunningStack) -> dict[str, list[int]]:
    return {stage.name: _by_worker(stack, stage) for stage in STAGES}


def _by_worker(stack: RunningStack, stage: Stage) -> list[int]:
    workers = range(worker_count(stack.settings, stage))
    return [stack.handled(stage.name, worker) for worker in workers]
