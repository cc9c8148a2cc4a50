"""The product in one process and without a server.

Topics are a list, objects and rows are kept in memory.

Folds and steps are the product's own. Only the models are scripted: every window has the words and
the voices that `tests/golden_objects.py` says.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from adapters.erasure.erasable_objects import ErasableObjects
from adapters.erasure.guard import ErasureGuard
from adapters.objects.lexicons import shipped_lexicon
from adapters.objects.store import put_by_digest
from adapters.settings import Settings
from consumers.audio.window_audio import WindowAudio
from consumers.clips.step import Clips
from consumers.erasure.step import Erasure
from consumers.runtime.guarded_step import GuardedStep
from consumers.runtime.housekeeping import KeepsHouse
from consumers.runtime.outcome import DeadLettered, Done, Dropped, Outcome, Postponed, Record, Step
from consumers.runtime.window_step import WindowStep
from consumers.sink.step import Sink
from consumers.transcribe.step import Transcribe
from schemas import codec, stages, topics
from schemas.event import Event, Pointer
from schemas.fact_sheet import Topic
from schemas.object_kinds import TURNS, VOICES, ObjectKind
from schemas.objects import Turn, Turns, Voiceprint
from schemas.ranges import Ranges
from schemas.rejections import Reason, Rejected
from schemas.speech_events import (
    SpeakersIdentified,
    SpeakerSummary,
    VoicesComplete,
    WindowReady,
    WindowVoiced,
)
from streams import given_up
from streams.fold import Fold, Outputs
from streams.main import folds, rules_of
from streams.store import Store
from tests.fakes import OneWord, ReadInOrder, RecordedStatements, Silence, erasure_record
from tests.golden_objects import FIRST, SECOND, voices
from tests.memory_blob_store import MemoryBlobStore

E = TypeVar("E", bound=Event)
Sent = tuple[Topic, Event]
NOW_MS = 1_764_000_000_000
LEXICON = shipped_lexicon()


TURNS_OF_ALL = (
    Turn(speaker=FIRST, start_ms=0, end_ms=20_000),
    Turn(speaker=SECOND, start_ms=20_000, end_ms=600_000),
)
"""S1 speaks in the first window, S2 in all others."""
PRINTS = (
    Voiceprint(label=FIRST, centroid=(1.0, 0.0)),
    Voiceprint(label=SECOND, centroid=(0.0, 1.0)),
)
SPEAKERS = tuple(
    SpeakerSummary(
        label=turn.speaker,
        talk_ms=turn.end_ms - turn.start_ms,
        turns=1,
        overlap_ms=0,
        clips=((turn.start_ms, turn.start_ms + 5_000),),
    )
    for turn in TURNS_OF_ALL
)


def clock() -> int:
    """The moment at which everything happens."""
    return NOW_MS


class ScriptedDiarize(WindowStep[None]):
    """`diarize` without a model: two people speak in every window."""

    name = "diarize"
    answers_on = topics.VOICED
    result_type = WindowVoiced
    kind = VOICES

    def prepare(self, window: WindowReady) -> tuple[None, Ranges]:
        """No audio is needed."""
        return None, ()

    def work(self, ready: Sequence[None]) -> list[bytes]:
        """The scripted voices, once a window."""
        return [voices() for _ in ready]


@dataclass
class ScriptedCluster:
    """`cluster` without pyannote."""

    blobs: MemoryBlobStore
    name = "cluster"
    batch_size = 1
    counts_attempts = True
    gather_s = 0.0

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        """One answer for each sealed generation; nothing while the session is recorded."""
        return [self._one(record.event) for record in records]

    def _one(self, event: Event) -> Outcome:
        if not isinstance(event, VoicesComplete):
            return Done()
        return Done(((topics.IDENTIFIED, self.identified(event, SPEAKERS)),))

    def identified(
        self, event: VoicesComplete, found: tuple[SpeakerSummary, ...]
    ) -> SpeakersIdentified:
        """The answer to `event`, with its stored turns."""
        turns = self.stored(TURNS, session_id=event.session_id, generation=event.generation)
        return SpeakersIdentified(
            occurred_at_ms=NOW_MS,
            session_id=event.session_id,
            generation=event.generation,
            turns=turns,
            speakers=found,
        )

    def stored(self, kind: ObjectKind, **names: str | int) -> Pointer:
        """Put the turns of everybody under the key of these names."""
        turns = Turns(turns=TURNS_OF_ALL, exclusive=TURNS_OF_ALL, voiceprints=PRINTS, next_label=3)
        return put_by_digest(self.blobs, kind, codec.encode(turns), **names)

    def give_up(self, record: Record, reason: Reason, detail: str) -> DeadLettered:
        """Never asked here."""
        return DeadLettered(reason, detail)


class MemoryStack:
    """Publish an event, and everything that follows from it has happened when `publish` returns.

    `log` has every event that all have read, in the order in which they were published.
    `dead_letters` has the stage and the reason of what was rejected. `rows` are inserts into the
    warehouse, in order.
    """

    def __init__(self) -> None:
        self.blobs = MemoryBlobStore(clock)
        self.warehouse = RecordedStatements()
        self.log: list[Sent] = []
        self.dead_letters: list[tuple[str, Reason]] = []
        self.tables: dict[str, dict[str, bytes]] = {fold.name: {} for fold in stages.FOLDS}
        self._coming: deque[Sent] = deque()
        self._postponed: list[tuple[Step, Sent]] = []
        self._rules = rules_of(Settings(), LEXICON)
        self._folds = folds(self.blobs, clock, self._rules.window_ms, LEXICON, self._rules)
        self._steps = self._consumers()

    def _consumers(self) -> list[Step]:
        audio = WindowAudio(self.blobs, Silence())
        guard = ErasureGuard(ErasableObjects(self.blobs))
        of_sessions: list[Step] = [
            Transcribe(self.blobs, clock, "scripted", audio, OneWord()),
            ScriptedDiarize(self.blobs, clock, "scripted"),
            ScriptedCluster(self.blobs),
            Clips(self.blobs, audio),
        ]
        guarded: list[Step] = [GuardedStep(step, guard) for step in of_sessions]
        progress = ReadInOrder(self.log, self._coming)
        erasure = Erasure(
            self.blobs,
            self.warehouse,
            clock,
            progress,
            [progress],
            self._coming.extend,
            erasure_record(),
        )
        return [*guarded, Sink(self.warehouse, clock), erasure]

    def publish(self, topic: Topic, event: Event) -> None:
        """Append the event to its topic, then let stages read until nobody answers."""
        self._coming.append((topic, event))
        while self._coming:
            topic, event = self._coming.popleft()
            said = self._read(topic, event)
            self.log.append((topic, event))
            self._coming += said
            if not self._coming:
                self._coming += self._postponed_again()

    def _postponed_again(self) -> list[Sent]:
        """Outputs of steps whose messages waited for all others."""
        waited = self._postponed.copy()
        self._postponed.clear()
        said: list[Sent] = []
        for step, (topic, event) in waited:
            said += self._stepped(step, topic, event)
        return said

    def _read(self, topic: Topic, event: Event) -> list[Sent]:
        """Outputs of every fold and step that reads the topic."""
        said: list[Sent] = []
        for fold in self._folds:
            if topic in fold.role.reads:
                said += self._folded(fold, event)
        for step in self._steps:
            if topic in stages.BY_NAME[step.name].reads:
                said += self._stepped(step, topic, event)
        return said

    def _folded(self, fold: Fold, event: Event) -> Outputs:
        table = self.tables[fold.name]
        store = Store(table.get)
        try:
            outputs = fold.run(store, event)
        except Rejected as rejected:
            self.dead_letters.append((fold.name, rejected.reason))
            return given_up.told(fold.role, event, rejected.reason)
        store.write_to(table)
        return outputs

    def _stepped(self, step: Step, topic: Topic, event: Event) -> list[Sent]:
        if isinstance(step, KeepsHouse):
            step.keep_house()
        (outcome,) = step.process([Record(topic, 0, len(self.log), event)])
        if isinstance(outcome, Postponed):
            self._postponed.append((step, (topic, event)))
        if isinstance(outcome, DeadLettered):
            self.dead_letters.append((step.name, outcome.reason))
        return [] if isinstance(outcome, Dropped | Postponed) else list(outcome.events)

    def said(self, kind: type[E]) -> list[E]:
        """Every event of a class, in order."""
        return [event for _, event in self.log if isinstance(event, kind)]

    def rows(self, table: str) -> list[dict[str, object]]:
        """Inserted rows of a table, by column."""
        return [
            dict(zip(columns, row, strict=True))
            for name, columns, rows in self.warehouse.written
            if name == table
            for row in rows
        ]
