"""Workers that are not as they should be: without memory, with a late clock, out of step."""

import time
from random import SystemRandom

from consumers.runtime.loop import MAX_ATTEMPTS
from deploy.demo.api_client import ApiClient
from deploy.devstack.streams_bed import Child
from deploy.waiting import until
from schemas import stages
from tests.faults.registry import fault
from tests.faults.runs.odd_people import CHUNKS, speaking
from tests.faults.scene import Scene, names_of
from tests.faults.stand_ins import BACK_S

DEATHS = MAX_ATTEMPTS + 1
"""More than a message may cause: it would be given up."""
DIES_S = 180.0
LATE_S = 45.0
STILL_S = 8.0
ENDS_S = 120.0
WITH_MODELS = (stages.TRANSCRIBE, stages.DIARIZE)
WITH_CLOCKS = (stages.STREAMS, stages.SINK, stages.ROLLUP, stages.ERASURE)
INSIDE = names_of(*(stage for stage in stages.ALL if not stage.is_public))
WITH_WORKERS = (stages.STREAMS, *WITH_MODELS)
TOGETHER_S = 45.0
ALONE_S = 30.0


@fault(
    "accelerator-without-memory",
    rows=("16",),
    injected=f"transcribe and diarize: no memory for any window, until each died {DEATHS} times",
    may_restart=names_of(*WITH_MODELS),
)
def accelerator_without_memory(scene: Scene) -> None:
    with scene.without(names_of(*WITH_MODELS)):
        for _ in range(DEATHS):
            die_of_it(scene)


def die_of_it(scene: Scene) -> None:
    """Both stages start without memory, take a window, and end by themselves."""
    with scene.stand_ins("starved", *WITH_MODELS) as workers:
        until(lambda: alive(workers), lambda found: not found, DIES_S)
    for worker in workers:
        assert "out of memory" in worker.tail(100), f"{worker.name}: {worker.tail()}"


@fault(
    "clock-goes-back",
    rows=("T20", "15"),
    injected=f"streams, sink, rollup, erasure: their clock goes back {BACK_S} s; a session of "
    "before is claimed and counted again",
    may_restart=names_of(*WITH_CLOCKS),
)
def clock_goes_back(scene: Scene) -> None:
    settings = scene.stack.settings
    phone = speaking(settings, "of-before")
    phone.complete(CHUNKS).raise_for_status()
    scene.final(phone.user, phone.session_id)
    away = scene.without(names_of(*WITH_CLOCKS))
    with away, scene.stand_ins("late", *WITH_CLOCKS) as workers:
        scene.stack.await_answers(ENDS_S)
        owner = ApiClient(settings, phone.user)
        owner.claim(phone.session_id, {"speaker": "S1", "claim": "self"})
        owner.hint(phone.session_id, 2)
        time.sleep(LATE_S)
        assert len(alive(workers)) == len(workers)


@fault(
    "stages-out-of-step",
    rows=("25",),
    injected=f"each stage inside, in random order, stands still for {STILL_S:g} s: what it writes "
    "comes after all that others write",
)
def stages_out_of_step(scene: Scene) -> None:
    names = SystemRandom().sample(INSIDE, len(INSIDE))
    print(f"order: {names}")
    for name in names:
        scene.freeze(name, STILL_S)


@fault(
    "two-versions-at-once",
    rows=("21",),
    injected="streams, transcribe, diarize: beside each a worker of a version that had no optional "
    f"field, {TOGETHER_S:g} s; then it alone, {ALONE_S:g} s; then the present one again",
    may_restart=names_of(*WITH_WORKERS),
)
def two_versions_at_once(scene: Scene) -> None:
    with scene.stand_ins("before", *WITH_WORKERS, worker=1) as workers:
        time.sleep(TOGETHER_S)
        with scene.without(names_of(*WITH_WORKERS)):
            time.sleep(ALONE_S)
        scene.stack.await_answers(ENDS_S)
        assert len(alive(workers)) == len(workers)


def alive(workers: list[Child]) -> list[str]:
    """The names of those that run."""
    return [worker.name for worker in workers if worker.runs()]
