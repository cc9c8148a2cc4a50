"""Every step and every fold takes every example of its topics twice.

The second time changes nothing and says nothing new.

Kafka delivers at least once. A process that dies after its effects and before its commit sees its
messages again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from dataclasses import replace as outcome_replaced

import pytest
from msgspec.structs import replace

from adapters.erasure.erasable_objects import ErasableObjects
from adapters.erasure.guard import ErasureGuard
from adapters.objects.lexicons import shipped_lexicon
from adapters.settings import Settings
from consumers.audio.window_audio import WindowAudio
from consumers.clips.step import Clips
from consumers.cluster.step import Cluster
from consumers.diarize.step import Diarize
from consumers.erasure.step import Erasure
from consumers.rollup.cohorts import Cohorts
from consumers.rollup.step import Rollup
from consumers.runtime.guarded_step import GuardedStep
from consumers.runtime.outcome import Dropped, Outcome, Postponed, Record, Step
from consumers.sink.step import Sink
from consumers.transcribe.step import Transcribe
from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.phone_events import SessionStarted
from schemas.rejections import Rejected
from schemas.speech_events import WindowResult
from schemas.stage_names import CONSUMERS, FOLDS
from streams.fold import Fold, Outputs
from streams.main import folds, rules_of
from streams.store import Store
from tests.fakes import (
    CaughtUp,
    OneClusterEach,
    OneVoice,
    OneWord,
    RecordedStatements,
    Rows,
    Silence,
    erasure_record,
)
from tests.golden import EXAMPLES
from tests.golden_objects import backed
from tests.memory_blob_store import MemoryBlobStore

NOW_MS = 1_763_870_500_000


def clock() -> int:
    """The moment at which every step works."""
    return NOW_MS


@dataclass
class Fakes:
    """The stores that a step works on."""

    blobs: MemoryBlobStore = field(default_factory=MemoryBlobStore)
    warehouse: RecordedStatements = field(default_factory=RecordedStatements)
    published: list[tuple[Topic, Event]] = field(default_factory=list)

    def audio(self) -> WindowAudio:
        """Audio of windows, all silent."""
        return WindowAudio(self.blobs, Silence())

    def guarded(self, step: Step) -> Step:
        """The step as its process runs it."""
        return GuardedStep(step, ErasureGuard(ErasableObjects(self.blobs)))


STEPS: dict[str, Callable[[Fakes], Step]] = {
    "transcribe": lambda on: on.guarded(
        Transcribe(on.blobs, clock, "model", on.audio(), OneWord())
    ),
    "diarize": lambda on: on.guarded(Diarize(on.blobs, clock, "model", on.audio(), OneVoice())),
    "cluster": lambda on: on.guarded(Cluster(on.blobs, clock, OneClusterEach())),
    "clips": lambda on: on.guarded(Clips(on.blobs, on.audio())),
    "sink": lambda on: Sink(on.warehouse, clock),
    "rollup": lambda on: Rollup(on.warehouse, Cohorts(on.warehouse, clock, "Asia/Singapore")),
    "erasure": lambda on: Erasure(
        on.blobs, on.warehouse, clock, CaughtUp(), (), on.published.extend, erasure_record()
    ),
}


def test_every_consumer_group_has_its_step_here() -> None:
    assert set(STEPS) == set(CONSUMERS), "STEPS lacks a step, or has one too many"


def read_by(stage: str) -> list[tuple[Topic, Event]]:
    """Examples of the topics that a stage reads."""
    return [(topic, event) for topic, event in EXAMPLES if stage in topic.readers]


def example_name(value: object) -> str:
    """Name a case by its stage and its event."""
    return value if isinstance(value, str) else type(value[1]).__name__  # type: ignore[index]


def unmeasured(outcome: Outcome) -> object:
    """The outcome without the time that the work took, which is measured anew."""
    if isinstance(outcome, Dropped | Postponed):
        return outcome
    events = [
        (topic, replace(event, work_ms=0) if isinstance(event, WindowResult) else event)
        for topic, event in outcome.events
    ]
    return outcome_replaced(outcome, events=tuple(events))


@pytest.mark.parametrize(
    ("stage", "example"),
    [(stage, example) for stage in STEPS for example in read_by(stage)],
    ids=example_name,
)
def test_a_step_does_the_same_again(stage: str, example: tuple[Topic, Event]) -> None:
    fakes = Fakes()
    topic = example[0]
    event = backed(example[1], fakes.blobs)
    step = STEPS[stage](fakes)

    def once() -> tuple[object, dict[str, bytes], Rows]:
        fakes.warehouse.written.clear()
        (outcome,) = step.process([Record(topic, 0, 7, event)])
        return unmeasured(outcome), fakes.blobs.contents(), list(fakes.warehouse.written)

    first = once()
    assert once() == first


SHIPPED = shipped_lexicon()
RULES = rules_of(Settings(), SHIPPED)
STARTED = next((topic, event) for topic, event in EXAMPLES if isinstance(event, SessionStarted))


def fold_named(name: str, blobs: MemoryBlobStore) -> Fold:
    """The fold as the streams worker hosts it."""
    hosted = folds(blobs, clock, RULES.window_ms, SHIPPED, RULES)
    return next(fold for fold in hosted if fold.name == name)


class Table:
    """A fold's table, and what the fold says of an event."""

    def __init__(self, name: str) -> None:
        self.blobs = MemoryBlobStore()
        self.fold = fold_named(name, self.blobs)
        self.rows: dict[str, bytes] = {}

    def take(self, event: Event) -> Outputs | str:
        """Outputs of the event, or the reason why it is rejected.

        A rejected event writes nothing.
        """
        store = Store(self.rows.get)
        try:
            outputs = self.fold.run(store, event)
        except Rejected as error:
            return error.reason
        store.write_to(self.rows)
        return outputs


def folded() -> list[tuple[str, tuple[Topic, Event]]]:
    """Every fold with the examples of its topics."""
    return [(name, example) for name in FOLDS for example in read_by(name)]


@pytest.mark.parametrize(("name", "example"), folded(), ids=example_name)
def test_a_fold_says_nothing_new_when_an_event_comes_again(
    name: str, example: tuple[Topic, Event]
) -> None:
    table = Table(name)
    if STARTED[0] in table.fold.role.reads:
        table.take(STARTED[1])
    event = backed(example[1], table.blobs)
    first = table.take(event)
    rows = dict(table.rows)
    objects = table.blobs.contents()
    again = table.take(event)
    assert (table.rows, table.blobs.contents()) == (rows, objects)
    if isinstance(first, str) or isinstance(again, str):
        assert again == first
    else:
        assert [sent for sent in again if sent not in first] == []


@pytest.mark.parametrize(("name", "example"), folded(), ids=example_name)
def test_a_fold_decides_alike_in_another_process(name: str, example: tuple[Topic, Event]) -> None:
    """After a crash another worker takes the event, with the table of the first."""

    def decided() -> tuple[Outputs | str, dict[str, bytes]]:
        table = Table(name)
        if STARTED[0] in table.fold.role.reads:
            table.take(STARTED[1])
        return table.take(backed(example[1], table.blobs)), table.rows

    assert decided() == decided()
