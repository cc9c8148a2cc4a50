"""Sessions recorded on the memory stack: what each fold read, in the order in which it came.

The events are made by the real path: a phone, the gateway, every fold and every step.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from adapters.objects.lexicons import Lexicons
from consumers.runtime.outcome import Done, Outcome, Step
from schemas import topics
from schemas.claim_events import (
    ClaimKind,
    ClaimRequested,
    ReleaseRequested,
    TagAnswered,
    TagRequested,
)
from schemas.event import Event
from schemas.ids import SpeakerLabel, UserId
from schemas.object_kinds import PROVISIONAL_TURNS
from schemas.objects import VoicesManifest
from schemas.people_events import (
    GroupAction,
    GroupChangeRequested,
    ShareRequested,
    UserChangeRequested,
    UserErasureRequested,
)
from schemas.session_events import ConstraintKind, Tick
from schemas.session_requests import (
    EraseRequested,
    HintRequested,
    MergeRequested,
    RecountRequested,
    ReplayRequested,
)
from schemas.speech_events import (
    ProvisionalSpeakersIdentified,
    ProvisionalVoicesComplete,
    SpeakersIdentified,
    VoicesComplete,
)
from schemas.topics import Topic
from tests.guide.memory_stack import (
    LEXICON,
    NOW_MS,
    SPEAKERS,
    MemoryStack,
    ScriptedCluster,
)
from tests.guide.phone import OWNER, SESSION, Phone
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


def counted(chunks: int = 2) -> Recording:
    """A session that is over and counted."""
    on = Recording()
    on.phone.start()
    for seq in range(chunks):
        on.phone.chunk(seq)
    on.phone.stop(chunks)
    return on


def claimed() -> Recording:
    """Claims, a tag and releases, between new generations; everybody is known in the end."""
    on = counted()
    on.ask(ClaimRequested, speaker=S1, by=OWNER, kind=ClaimKind.SELF)
    on.ask(HintRequested, by=OWNER, speakers=2)
    on.ask(TagRequested, speaker=S2, by=OWNER, user_id=ANN)
    on.phone.chunk(2)
    on.ask(TagAnswered, speaker=S2, by=ANN)
    on.ask(ReleaseRequested, speaker=S1, by=OWNER)
    newer = msgspec.json.encode(replace(LEXICON, version="another"))
    on.ask(RecountRequested, lexicon=Lexicons(on.blobs).put(newer).version)
    on.ask(ReplayRequested, window=1)
    on.ask(ClaimRequested, speaker=S1, by=OWNER, kind=ClaimKind.GUEST, guest_name="Auntie")
    return on


def unclaimed() -> Recording:
    """Nobody is claimed; a late chunk and a hint come one after the other."""
    on = counted()
    on.phone.chunk(3)
    on.phone.chunk(2)
    on.ask(HintRequested, by=OWNER, speakers=2)
    return on


def merged() -> Recording:
    """The claim on a speaker that is merged into another one moves there."""
    on = counted()
    on.ask(ClaimRequested, speaker=S2, by=ANN, kind=ClaimKind.SELF)
    on.ask(MergeRequested, by=OWNER, target=S1, source=S2)
    return on


def hurried() -> Recording:
    """Chunks out of order, and generations that overtake the work on those before."""
    on = Recording()
    on.phone.start()
    for seq in (0, 2, 1):
        on.phone.chunk(seq)
    on.wait(topics.VOICED)
    on.phone.chunk(3)
    on.phone.stop(4)
    on.ask(HintRequested, by=OWNER, speakers=2)
    on.go_on()
    on.wait(topics.COUNTED, topics.IDENTIFIED)
    on.phone.chunk(4)
    on.phone.chunk(5)
    on.go_on()
    return on


def recording() -> Recording:
    """The phone still records: everything is provisional."""
    on = Recording()
    on.phone.start()
    for seq in range(4):
        on.phone.chunk(seq)
    return on


def expired() -> Recording:
    """The days of the text are over."""
    on = counted()
    on.ask(ClaimRequested, speaker=S1, by=OWNER, kind=ClaimKind.SELF)
    on.ask(Tick, now_ms=NOW_MS + YEAR_MS)
    return on


def erased() -> Recording:
    """The owner erases the session; a chunk and a claim were on their way."""
    on = counted()
    on.ask(ClaimRequested, speaker=S1, by=OWNER, kind=ClaimKind.SELF)
    on.ask(HintRequested, by=OWNER, speakers=2)
    on.ask(EraseRequested, by=OWNER)
    on.phone.chunk(2)
    on.ask(ClaimRequested, speaker=S2, by=ANN, kind=ClaimKind.SELF)
    return on


def settled() -> Recording:
    """An erased session, so late that nothing of it can come any more."""
    on = erased()
    on.ask(Tick, now_ms=NOW_MS + YEAR_MS)
    return on


def people() -> Recording:
    """A group and its users come, share, go and are erased."""
    on = Recording()
    on.ask(UserChangeRequested, user_id=ANN, display_name="Ann", findable=True)
    on.ask(ShareRequested, user_id=ANN, share="s", first="", last="", show_name=True)
    for by, action in (
        (OWNER, GroupAction.CREATE),
        (ANN, GroupAction.JOIN),
        (OWNER, GroupAction.RENAME),
        (ANN, GroupAction.ERASE_MEMBER),
    ):
        about = {"group_id": "g", "invite": "i", "invite_until_ms": NOW_MS + YEAR_MS}
        on.ask(GroupChangeRequested, by=by, action=action, name="Kopi", **about)
    on.ask(UserErasureRequested, user_id=ANN)
    return on


RECORDINGS = (claimed, unclaimed, merged, hurried, recording, expired, erased, settled, people)
