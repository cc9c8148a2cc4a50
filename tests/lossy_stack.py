"""The memory stack with losses: messages that never come, objects that are lost or damaged."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import msgspec

from adapters.objects.store import put_by_digest
from consumers.cluster.faults import given_up
from consumers.runtime.outcome import Done, Outcome, Record, Step
from schemas import topics
from schemas.codec import encode
from schemas.event import Event, Pointer
from schemas.fact_sheet import Topic
from schemas.object_kinds import (
    ATTRIBUTED_WORDS,
    MANIFEST,
    TRANSCRIBED_WORDS,
    TURNS,
    VOICES,
    ObjectKind,
    kind_of,
)
from schemas.objects import VoicesManifest
from schemas.rejections import Rejected
from schemas.session_events import FINAL, State, Tick
from schemas.session_rows import SessionListing
from schemas.speech_events import VoicesComplete
from streams.sessions.watchdog import MOST_TRIES
from tests.guide.memory_stack import NOW_MS, SPEAKERS, ScriptedCluster
from tests.guide.phone import SESSION
from tests.recorded_stack import Recording, Sent

LOSABLE = (
    topics.WINDOW_READY,
    topics.TRANSCRIBED,
    topics.VOICED,
    topics.VOICES_COMPLETE,
    topics.IDENTIFIED,
    topics.ATTRIBUTED,
    topics.COUNTED,
    topics.CREDITED,
    topics.DECIDED,
    topics.FAULTS,
)
OBJECTS = (VOICES, MANIFEST, TURNS, TRANSCRIBED_WORDS, ATTRIBUTED_WORDS)
TICK_MS = 30_000


class ReadingCluster(ScriptedCluster):
    """`cluster` without pyannote. It reads what the real one reads, and says what it cannot."""

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        """One answer for each sealed generation."""
        return [self._read(record.event) for record in records]

    def _read(self, event: Event) -> Outcome:
        if not isinstance(event, VoicesComplete):
            return Done()
        try:
            manifest = msgspec.json.decode(self.blobs.get(event.manifest), type=VoicesManifest)
        except Rejected as error:
            return given_up(event, error.reason, error.detail, [])
        lost: list[int] = []
        for window, pointer in enumerate(manifest.voices):
            try:
                if pointer is not None:
                    self.blobs.get(pointer)
            except Rejected as error:
                lost.append(window)
                reason = error.reason
        if lost:
            return given_up(event, reason, "", lost)
        return Done(((topics.IDENTIFIED, self.identified(event, SPEAKERS)),))


@dataclass(frozen=True)
class Losses:
    """Of `never`, nothing ever comes or stays. Others are lost once, by their number."""

    never: tuple[Topic | ObjectKind, ...] = ()
    messages: frozenset[int] = frozenset()
    missing: frozenset[int] = frozenset()
    damaged: frozenset[int] = frozenset()


class Lossy(Recording):
    """A recording in which messages and objects are lost. Time passes when it is told to."""

    def __init__(self, losses: Losses) -> None:
        super().__init__()
        self.now_ms = NOW_MS
        self._losses = losses
        self._messages = count()
        self._puts = count()
        self._seen = 0

    def _consumers(self) -> list[Step]:
        cluster = ReadingCluster(self.blobs)
        return [cluster if step.name == cluster.name else step for step in super()._consumers()]

    def _read(self, topic: Topic, event: Event) -> list[Sent]:
        said = super()._read(topic, event)
        self._lose_objects()
        return [sent for sent in said if not self._is_lost(sent[0])]

    def _is_lost(self, topic: Topic) -> bool:
        if topic not in LOSABLE:
            return False
        return next(self._messages) in self._losses.messages or topic in self._losses.never

    def _lose_objects(self) -> None:
        written = self.blobs.written[self._seen :]
        self._seen = len(self.blobs.written)
        for key in written:
            kind = kind_of(key)
            if kind not in OBJECTS:
                continue
            number = next(self._puts)
            if number in self._losses.missing or kind in self._losses.never:
                self.blobs.delete([key])
            elif number in self._losses.damaged:
                self.blobs.put(key, b"{", "")
                self._seen += 1

    @property
    def listed(self) -> SessionListing:
        """The session's newest row."""
        return self.said(SessionListing)[-1]

    @property
    def state(self) -> State:
        """Its state."""
        return self.listed.state

    def wait_until_final(self, most_ms: int) -> int:
        """Let time pass. Returns how long it took; a session that does not end fails the test."""
        began_ms = self.now_ms
        while self.state not in FINAL:
            self.now_ms += TICK_MS
            assert self.now_ms - began_ms <= most_ms, f"{self.state} for ever"
            self.tick(self.now_ms)
        return self.now_ms - began_ms

    def stored_manifest(self) -> Pointer:
        """A list of the windows' voices that can be read."""
        body = encode(VoicesManifest(total_ms=1, window_ms=1, voices=(), former=None))
        generation = self.listed.generation
        return put_by_digest(self.blobs, MANIFEST, body, session_id=SESSION, generation=generation)

    def tick(self, handled_until_ms: int | None) -> None:
        """The timer looks."""
        now_ms = self.now_ms
        self.publish(
            topics.INBOUND,
            Tick(
                occurred_at_ms=now_ms,
                session_id=SESSION,
                now_ms=now_ms,
                handled_until_ms=handled_until_ms,
            ),
        )

    def recover(self) -> None:
        """Nothing is lost from now on."""
        self._losses = Losses()


def most_ms(patience_ms: int, windows: int) -> int:
    """The time in which a session must end: each further loss costs the longest wait once more."""
    first_ms = sum(patience_ms << tries for tries in range(MOST_TRIES))
    longest_ms = patience_ms << (MOST_TRIES - 1)
    return first_ms + (windows + 2) * longest_ms + 10 * TICK_MS
