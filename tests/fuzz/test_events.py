"""Mutated events on every topic through each reader's own decoding and handling.

The folds and the steps are the product's own, in one process, and so are the loop's bisection and
the folds' decider. Models are scripted, as in the guide. A mutated event may be a dead letter; a
defect that it meets is a finding, and so is an output that has no bytes.
"""

import os
from collections.abc import Sequence

import pytest

from adapters.erasure.erasable_objects import ErasableObjects
from adapters.erasure.guard import ErasureGuard
from adapters.kafka.dead_letters import Letters
from adapters.kafka.fetched import Fetched
from adapters.kafka.fuse import Fuse
from consumers.audio.window_audio import WindowAudio
from consumers.clips.step import Clips
from consumers.erasure.step import Erasure
from consumers.runtime.bisected import bisected
from consumers.runtime.guarded_step import GuardedStep
from consumers.runtime.outcome import DeadLettered, Done, Record, Step
from consumers.sink.step import Sink
from consumers.transcribe.step import Transcribe
from schemas import stages, topics
from schemas.codec import decode, encode
from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.rejections import Reason, Rejected
from streams.host.batch import Decider
from streams.main import folds
from tests.fakes import CaughtUp, OneWord, RecordedStatements, Silence, erasure_record
from tests.fuzz.bounded import within
from tests.fuzz.mutations import altered
from tests.golden import EXAMPLES
from tests.guide.memory_stack import LEXICON, ScriptedCluster, ScriptedDiarize, clock
from tests.memory_blob_store import MemoryBlobStore
from tests.recorded_sessions import claimed, counted
from tests.recorded_stack import Recording

EVENTS = int(os.environ.get("FUZZ_EVENTS", "2000"))
FIRST = int(os.environ.get("FUZZ_SEED", "1"))
READS: dict[str, Sequence[Topic]] = {role.name: role.reads for role in stages.BY_NAME.values()}
READS |= {role.name: role.reads for role in stages.FOLDS}
DEFECTS = {Reason.FOLD_FAILED, Reason.STEP_FAILED}
WORLDS = [claimed(), counted()]
"""A session with claims, and one that waits for them."""


def bodies(topic: Topic) -> list[bytes]:
    said = [event for world in WORLDS for on, event in world.log if on is topic]
    shown = [event for on, event in EXAMPLES if on is topic]
    return [encode(event) for event in (*said, *shown)]


def deciders(world: Recording) -> dict[str, Decider]:
    made = folds(world.store(), clock, world._rules.window_ms, LEXICON, world._rules)
    return {
        fold.name: Decider(
            fold,
            lambda _, key, name=fold.name: world.tables[name].get(key),  # type: ignore[misc]
            {},
            Letters(fold.name, clock),
            Fuse(fold.name, lambda _: {}),
        )
        for fold in made
    }


def steps(blobs: MemoryBlobStore) -> list[Step]:
    audio = WindowAudio(blobs, Silence())
    guard = ErasureGuard(ErasableObjects(blobs))
    guarded: list[Step] = [
        Transcribe(blobs, clock, "scripted", audio, OneWord()),
        ScriptedDiarize(blobs, clock, "scripted"),
        ScriptedCluster(blobs),
        Clips(blobs, audio),
    ]
    rows = RecordedStatements()
    erasure = Erasure(blobs, rows, clock, CaughtUp(), (), lambda _: None, erasure_record())
    return [*(GuardedStep(step, guard) for step in guarded), Sink(rows, clock), erasure]


EVENT_S = 5


def folded(decider: Decider, topic: Topic, body: bytes) -> str:
    """The defect that a fold met; nothing when it is well."""
    try:
        decided = decider.decide([Fetched(topic.name, 0, 0, b"key", body)])
    except Exception as error:  # noqa: BLE001
        return f"dies of {error!r}"
    if decided.error is not None:
        return f"ends: {decided.error!r}"
    found = DEFECTS & decided.letters.keys()
    return ", ".join(found)


def stepped(step: Step, topic: Topic, event: Event) -> str:
    """The defect that a step met; nothing when it is well."""
    record = Record(topic, 0, 0, event)
    try:
        (outcome,) = bisected(step, [record], lambda *_: None)
    except Exception as error:  # noqa: BLE001
        return f"dies of {error!r}"
    if isinstance(outcome, DeadLettered) and outcome.reason in DEFECTS:
        return f"{outcome.reason}: {outcome.detail}"
    if isinstance(outcome, Done | DeadLettered):
        for _, said in outcome.events:
            encode(said)
    return ""


def met(topic: Topic, body: bytes, of_folds: dict[str, Decider], of_steps: list[Step]) -> list[str]:
    """The defects of each reader of the topic."""
    found = [
        f"{name}: {fault}"
        for name, decider in of_folds.items()
        if topic in READS[name] and (fault := folded(decider, topic, body))
    ]
    try:
        event = decode(topic, body)
    except Rejected:
        return found
    readers = [step for step in of_steps if topic in READS[step.name]]
    return found + [
        f"{step.name}: {fault}" for step in readers if (fault := stepped(step, topic, event))
    ]


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("topic", topics.ALL, ids=[topic.name for topic in topics.ALL])
def test_every_event_is_handled_or_a_dead_letter(topic: Topic) -> None:
    samples = bodies(topic)
    found: dict[str, str] = {}
    for seed in range(FIRST, FIRST + EVENTS):
        if seed % 100 == FIRST % 100:
            world = WORLDS[seed // 100 % len(WORLDS)]
            of_folds = deciders(world)
            of_steps = steps(world.store())
        with within(EVENT_S):
            for fault in met(topic, altered(seed, samples), of_folds, of_steps):
                found.setdefault(fault, f"seed {seed}")
    print(f"{topic.name}: {EVENTS} events from seed {FIRST}")
    assert not found, found
