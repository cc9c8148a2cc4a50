"""Our own processes are killed with -9 while they work."""

import time

from tests.faults.registry import fault
from tests.faults.scene import EVERY_STAGE, Scene

BETWEEN_S = 4.0


@fault(
    "gateway-killed",
    rows=("1",),
    injected="gateway: kill -9, four times",
    may_restart=("gateway",),
)
def gateway_killed(scene: Scene) -> None:
    for _ in range(4):
        scene.kill("gateway")
        time.sleep(BETWEEN_S)
        scene.stack.await_answers(60)


@fault(
    "every-stage-killed",
    rows=("2", "3", "4"),
    injected="each stage in turn: kill -9",
    may_restart=EVERY_STAGE,
)
def every_stage_killed(scene: Scene) -> None:
    for name in EVERY_STAGE:
        scene.kill(name)
        time.sleep(BETWEEN_S)


@fault(
    "everything-replayed",
    rows=("22",),
    injected="all stages are stopped, all groups go back to offset 0",
    may_restart=EVERY_STAGE,
)
def everything_replayed(scene: Scene) -> None:
    assert scene.stack.replay_everything() > 0
