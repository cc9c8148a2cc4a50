"""SIGTERM for every stage and every server: each ends with 0 within 30 s."""

import time

from deploy.devstack.supervision import SERVERS, ProcessState
from deploy.waiting import until
from tests.faults.registry import fault
from tests.faults.scene import EVERY_STAGE, EVERYBODY, FRONT, Scene

LIMIT_S = 30.0
OWN_STATUS = {"kafka": 143}
"""Exit status of a Java machine that ends as it was told: its makers chose it."""


@fault(
    "sigterm-under-load",
    rows=("17",),
    injected="SIGTERM to each process, one after the other",
    may_restart=EVERYBODY,
)
def sigterm_under_load(scene: Scene) -> None:
    for name in scene.stack.names():
        _end(scene, [name])
        scene.start([name])
        scene.stack.await_answers(120)


@fault(
    "sigterm-servers-frozen",
    rows=("17",),
    injected="SIGTERM to all stages at once while all servers are frozen",
    may_restart=(*EVERY_STAGE, FRONT),
)
def sigterm_servers_frozen(scene: Scene) -> None:
    stages = [name for name in scene.stack.names() if name not in SERVERS]
    with scene.frozen(SERVERS):
        time.sleep(3)  # requests of phones and batches of stages meet the frozen servers
        _end(scene, stages)
    scene.start(stages)


@fault(
    "sigterm-servers-away",
    rows=("17",),
    injected="SIGTERM to all stages at once while all servers are away",
    may_restart=EVERYBODY,
)
def sigterm_servers_away(scene: Scene) -> None:
    stages = [name for name in scene.stack.names() if name not in SERVERS]
    for server in SERVERS:
        scene.stack.kill(server)
    scene.supervisor.stop(SERVERS)
    time.sleep(3)
    _end(scene, stages)
    scene.start([*SERVERS, *stages])


def _end(scene: Scene, names: list[str]) -> None:
    """Send SIGTERM to all of them. Raises AssertionError unless each ends with 0 in time."""
    began_s = time.monotonic()
    scene.supervisor.stop(names, wait=False)

    def left() -> list[str]:
        states = scene.supervisor.states()
        return [name for name in names if states[name].pid]

    complaint = f"after {LIMIT_S:g} s of SIGTERM some of {names} run"
    until(left, lambda found: not found, LIMIT_S, complaint=complaint)
    print(f"{names} ended within {time.monotonic() - began_s:.1f} s")
    states = scene.supervisor.states()
    odd = {name: states[name].exit_status for name in names if not _is_right(name, states[name])}
    assert not odd, f"exit status after SIGTERM: {odd}"


def _is_right(name: str, state: ProcessState) -> bool:
    return state.exit_status == OWN_STATUS.get(name, 0)
