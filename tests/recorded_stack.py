"""A memory stack whose phone and people are called; its stages can be kept waiting."""

from collections.abc import Sequence
from typing import Any

import msgspec

from consumers.runtime.outcome import Done, Outcome, Step
from schemas import topics
from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.ids import SpeakerLabel, UserId
from schemas.limits import HOUR_MS
from schemas.object_kinds import PROVISIONAL_TURNS
from schemas.objects import VoicesManifest
from schemas.session_events import ConstraintKind, Tick
from schemas.speech_events import (
    ProvisionalSpeakersIdentified,
    ProvisionalVoicesComplete,
    SpeakersIdentified,
    VoicesComplete,
)
from tests.guide.memory_stack import NOW_MS, SPEAKERS, MemoryStack, ScriptedCluster
from tests.guide.phone import SESSION, Phone
from tests.memory_blob_store import MemoryBlobStore

ABOUT_SESSIONS = (topics.CLAIMS_REQUESTED, topics.INBOUND)
ASKED = (*ABOUT_SESSIONS, topics.GROUPS_REQUESTED, topics.USERS_REQUESTED)
Sent = tuple[Topic, Event]
YEAR_MS = 365 * 24 * 3600 * 1000
ANN = UserId("ann")
S1 = SpeakerLabel("S1")
S2 = SpeakerLabel("S2")


class ObedientCluster(ScriptedCluster):
    """`cluster` without pyannote: it answers while the phone records, and obeys merges."""

    def _one(self, event: Event) -> Outcome:
        match event:
            case ProvisionalVoicesComplete():
                return Done(((topics.IDENTIFIED, self._provisional(event)),))
            case VoicesComplete():
                return Done(((topics.IDENTIFIED, self._unmerged(event)),))
        return Done()

    def _provisional(self, event: ProvisionalVoicesComplete) -> ProvisionalSpeakersIdentified:
        turns = self.stored(PROVISIONAL_TURNS, session_id=event.session_id, through=event.through)
        return ProvisionalSpeakersIdentified(
            occurred_at_ms=NOW_MS,
            session_id=event.session_id,
            turns=turns,
            speakers=SPEAKERS,
            through=event.through,
        )

    def _unmerged(self, event: VoicesComplete) -> SpeakersIdentified:
        manifest = msgspec.json.decode(self.blobs.get(event.manifest), type=VoicesManifest)
        merges = [fact for fact in manifest.constraints if fact.kind is ConstraintKind.MERGE]
        merged = {fact.other for fact in merges}
        left = tuple(speaker for speaker in SPEAKERS if speaker.label not in merged)
        return self.identified(event, left)


class Recording(MemoryStack):
    """A memory stack whose phone and people are called, and whose stages can be kept waiting.

    `objects` holds everything that was ever put, erased objects too.
    """

    def __init__(self) -> None:
        super().__init__()
        self.phone = Phone(self)
        self.objects: dict[str, bytes] = {}
        self._kept_waiting: tuple[Topic, ...] = ()
        self._waiting: list[Sent] = []
        self._requests = 0

    def _consumers(self) -> list[Step]:
        steps = super()._consumers()
        cluster = ObedientCluster(self.blobs)
        return [cluster if step.name == cluster.name else step for step in steps]

    def _read(self, topic: Topic, event: Event) -> list[Sent]:
        said = super()._read(topic, event)
        self.objects |= self.blobs.contents()
        self._waiting += [sent for sent in said if sent[0] in self._kept_waiting]
        return [sent for sent in said if sent[0] not in self._kept_waiting]

    def wait(self, *kept: Topic) -> None:
        """Keep answers on these topics back, as a worker that is behind does."""
        self._kept_waiting = kept

    def go_on(self) -> None:
        """Publish what was kept back."""
        self._kept_waiting = ()
        waiting = self._waiting
        self._waiting = []
        for topic, event in waiting:
            self.publish(topic, event)

    def request_id(self) -> str:
        """A new one."""
        self._requests += 1
        return f"request-{self._requests}"

    def ask(self, kind: type[Event], /, **fields: Any) -> None:
        """Publish a request about the session, or about a group or a user."""
        topic = next(topic for topic in ASKED if kind in topic.events)
        if topic in ABOUT_SESSIONS:
            fields = {"session_id": SESSION, **fields}
        if kind is not Tick:
            fields = {"request_id": self.request_id(), **fields}
        self.publish(topic, kind(occurred_at_ms=NOW_MS, **fields))

    def store(self) -> MemoryBlobStore:
        """A store that has every object that ever was."""
        blobs = MemoryBlobStore()
        for key, body in self.objects.items():
            blobs.put(key, body, "")
        return blobs

    def read_by(self, reads: Sequence[Topic]) -> list[Sent]:
        """The events that a fold of these topics has read, in order."""
        return [(topic, event) for topic, event in self.log if topic in reads]


def ended_with_late_chunks(on: Recording) -> Recording:
    """The phone stops, two chunks come late, an hour passes, and what was kept back goes on.

    The first late chunk is worked on at once, the second when the hour has passed.
    """
    on.phone.stop(1)
    on.phone.chunk(2)
    on.phone.chunk(1)
    on.ask(Tick, now_ms=NOW_MS + HOUR_MS)
    on.go_on()
    return on
