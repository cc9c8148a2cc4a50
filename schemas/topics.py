"""Fact sheets of all topics: who writes, who reads, how they are keyed, cut and kept (design section 4)."""

from dataclasses import dataclass, field
from types import UnionType
from typing import Any, get_args
from zlib import crc32

from schemas import claim_events as claims
from schemas import people_events as people
from schemas import session_events as session
from schemas import speech_events as speech
from schemas import word_events as words
from schemas.event import Event

SESSION_PARTITIONS = 12
"""Every topic that Faust joins by session has this count, so that a key's partitions stay together."""
WINDOW_PARTITIONS = 48
"""As many as model workers may ever be."""
STRIDE = 11
"""From one window of a session to the next, in partitions. Of all strides the one by which the workers of a group, 2 to 12 of them, get the
most equal shares of any run of windows, whether partitions are dealt in turns or in blocks: four windows apart at most
(`tests/unit/test_fair_order.py`). By the hash of their keys it is chance: one of two workers may get twice as many of a session's."""
STREAMS_APP = "lahstats-streams"
FOLDS = ("sessions", "attribution", "tally", "credits", "groups", "users")
"""The Faust app and its folds: their names make the names of the changelog topics."""
WEEK_MS = 7 * 24 * 3600 * 1000


@dataclass(frozen=True)
class Topic:
    """One topic's facts. `events` are the only types that may be on it."""

    name: str
    key: str
    events: tuple[type[Event], ...]
    producers: tuple[str, ...]
    consumers: tuple[str, ...]
    partitions: int = SESSION_PARTITIONS
    compacted: bool = False
    retention_ms: int = WEEK_MS
    dead_letters: str = field(default="", init=False)

    def __post_init__(self) -> None:
        """Every topic has one dead-letter topic beside it."""
        object.__setattr__(self, "dead_letters", f"{self.name}.dlq")


def _of(union: UnionType | type[Event]) -> tuple[type[Event], ...]:
    return get_args(union) if isinstance(union, UnionType) else (union,)


def _topic(name: str, key: str, events: Any, road: str, **facts: Any) -> Topic:
    producers, _, consumers = road.partition(" -> ")
    return Topic(
        name=name,
        key=key,
        events=_of(events),
        producers=tuple(producers.split(", ")),
        consumers=tuple(consumers.split(", ")),
        **facts,
    )


INBOUND = _topic(
    "session.inbound.v1", "session_id", session.Inbound, "gateway, command line, timers -> sessions"
)
DECIDED = _topic(
    "session.decided.v1",
    "session_id",
    session.Decided,
    "sessions -> attribution, credits, gateway, sink, erasure",
)
DIRECTORY = _topic(
    "session.directory.v1",
    "session_id",
    session.SessionListing,
    "sessions -> gateway, sink",
    compacted=True,
)
PROVISIONAL = _topic(
    "session.provisional.v1",
    "session_id",
    session.SessionProgress | session.SessionEta | words.ProvisionalWordsCounted,
    "sessions, tally -> sink",
)
WINDOW_READY = _topic(
    "speech.window.ready.v1",
    "session_id:window",
    speech.WindowReady,
    "sessions -> transcribe, diarize",
    partitions=WINDOW_PARTITIONS,
)
TRANSCRIBED = _topic(
    "speech.window.transcribed.v1",
    "session_id",
    speech.WindowTranscribed,
    "transcribe -> attribution, sessions, sink",
)
VOICED = _topic(
    "speech.window.voiced.v1",
    "session_id",
    speech.WindowVoiced,
    "diarize -> attribution, sessions, sink",
)
VOICES_COMPLETE = _topic(
    "speech.voices.complete.v1", "session_id", speech.Voices, "attribution -> cluster"
)
IDENTIFIED = _topic(
    "speech.speakers.identified.v1",
    "session_id",
    speech.Speakers,
    "cluster -> attribution, credits, sessions, sink",
)
CLIPS_WANTED = _topic(
    "speech.clips.wanted.v1", "session_id", speech.ClipsWanted, "sessions -> clips"
)
ATTRIBUTED = _topic(
    "words.attributed.v1",
    "session_id",
    words.WordsAttributed | words.ProvisionalWordsAttributed,
    "attribution -> tally, sink",
)
COUNTED = _topic(
    "words.counted.v1", "session_id", words.WordsCounted, "tally -> credits, sessions, sink"
)
CREDITED = _topic(
    "words.credited.v1",
    "session_id",
    words.WordsCredited | words.VoiceCredited | words.SessionCounted,
    "credits -> sink",
)
CLAIMS_REQUESTED = _topic(
    "claims.requested.v1", "session_id", claims.Requested, "gateway, erasure -> credits"
)
CLAIMS_DECIDED = _topic(
    "claims.decided.v1",
    "session_id",
    claims.Decided,
    "credits -> gateway, sink, sessions",
)
WAREHOUSE_CHANGED = _topic(
    "warehouse.changed.v1", "day", words.WarehouseChanged, "sink, erasure -> rollup"
)
GROUPS_REQUESTED = _topic(
    "groups.requested.v1", "group_id", people.GroupChangeRequested, "gateway, erasure -> groups"
)
GROUPS_DECIDED = _topic(
    "groups.decided.v1", "group_id", people.GroupChangeDecided, "groups -> gateway, sink"
)
GROUPS_DIRECTORY = _topic(
    "groups.directory.v1",
    "group_id",
    people.GroupListing,
    "groups -> gateway, sink",
    compacted=True,
)
GROUPS_LEXICONS = _topic(
    "groups.lexicons.v1", "group_id", people.GroupLexicon, "command line -> gateway", compacted=True
)
USERS_REQUESTED = _topic(
    "users.requested.v1",
    "user_id",
    people.UserChangeRequested | people.ShareRequested | people.UserErasureRequested,
    "gateway -> users",
)
USERS_DECIDED = _topic(
    "users.decided.v1",
    "user_id",
    people.UserChangeDecided | people.ShareListing | people.UserErased,
    "users -> gateway, sink, erasure",
)
USERS_DIRECTORY = _topic(
    "users.directory.v1", "user_id", people.UserListing, "users -> gateway, sink", compacted=True
)

ALL: tuple[Topic, ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, Topic)
)
BY_NAME = {topic.name: topic for topic in ALL}


def key_of(topic: Topic, event: Event) -> str:
    """The Kafka key of `event` on `topic`: the fields that the fact sheet's `key` names, joined by a colon."""
    return ":".join(str(getattr(event, name)) for name in topic.key.split(":"))


def partition_of(topic: Topic, event: Event) -> int | None:
    """Where `event` goes on `topic`; None: where the hash of its key says. The windows of a session are dealt out over all partitions."""
    if topic is not WINDOW_READY:
        return None
    assert isinstance(event, speech.WindowReady)
    return (crc32(event.session_id.encode()) + event.window * STRIDE) % topic.partitions
