"""Reads dead-letter topics and sends originals back to their topics. Blocking, bounded."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass

from adapters.kafka.dead_letters import session_of
from adapters.kafka.ends import Place
from adapters.kafka.fetched import Fetched
from adapters.kafka.partition_log import Copied, PartitionLog
from adapters.kafka.publisher import Outgoing, Publisher, outgoing
from schemas import topics
from schemas.codec import decode
from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.ids import SessionId, derived_id
from schemas.letter_events import LetterWritten
from schemas.rejections import Header, Reason, Rejected
from schemas.session_requests import ReplayRequested
from schemas.speech_events import WindowReady
from schemas.stage_names import StageName
from schemas.topics import BY_NAME

Values = Callable[[Topic, bytes | None], Iterable[bytes | None]]
"""The values of the messages with a key on a topic, in order: `adapters.kafka.reader.values`."""


@dataclass(frozen=True)
class Letter:
    """One dead letter.

    `place` is its own topic and offset. `topic` is that of the original, `source` its topic,
    partition and offset, after a restore those in the log of before. `key` and `value` are the
    original's bytes. Those that are too large for a letter are None.
    """

    place: str
    topic: str
    source: str
    reason: str
    stage: str
    detail: str
    key: bytes | None
    value: bytes | None

    @property
    def original(self) -> Fetched:
        """The message that was rejected.

        Raises ValueError for a record of which no stage says what it is about.
        """
        _, partition, offset = self.source.rsplit(":", 2)
        if self.topic not in BY_NAME:
            raise ValueError("no stage wrote this record")
        return Fetched(self.topic, int(partition), int(offset), self.key, self.value)

    @property
    def identity(self) -> str:
        """The same for the same letter. Its place is not: a restore gives that to another one."""
        digest = hashlib.sha256(self.value or b"").hexdigest()
        return derived_id("Letter", self.stage, self.source, digest)

    @property
    def session(self) -> SessionId:
        """The session that it is about, as its key says; empty when none."""
        try:
            return session_of(self.original, None)
        except ValueError:
            return SessionId("")


def read(bootstrap: str) -> Iterator[Letter]:
    """Every dead letter that is not dropped or expired, topic by topic. Blocks for seconds.

    Raises TransientError when the broker is away: none is left out.
    """
    places = [(topic.dead_letters, 0) for topic in topics.ALL]
    with closing(PartitionLog(bootstrap, "dlq")) as log:
        sizes = log.sizes(places)
        for place in places:
            if sizes[place]:
                yield from (_letter(*found) for found in log.copies([place]))


def _letter(place: Place, copied: Copied) -> Letter:
    headers = copied.headers
    source = (Header.TOPIC, Header.PARTITION, Header.OFFSET)
    return Letter(
        place=f"{place[0]}:{copied.offset}",
        topic=headers.get(Header.TOPIC, ""),
        source=":".join(headers.get(name, "") for name in source),
        reason=headers.get(Header.REASON, ""),
        stage=headers.get(Header.STAGE, ""),
        detail=headers.get(Header.DETAIL, ""),
        key=copied.key,
        value=copied.value,
    )


def replay(letter: Letter, publisher: Publisher, values: Values, now_ms: int) -> bool:
    """Sends the original back to its topic. Returns whether that was to be done.

    A row of a compacted topic that a newer one has replaced is not sent. It would be the newest,
    and undo what became of the session, the group or the user since. Nor is a provisional row, of
    which the latest in the log wins too. A window comes back as a ReplayRequested: its failure was
    answered already, so only a new revision is worked on. Repeatable: a letter always makes the
    same request. The warehouse is told that the message is rejected no longer.

    Raises ValueError for a record that no stage of this version wrote, and for one without the
    key or the value of its original: nothing is sent. Without a key it would come to any partition.
    """
    for name, part in (("key", letter.key), ("value", letter.value)):
        if part is None:
            raise ValueError(f"it has no {name} to send: the original is at {letter.source}")
    told = _sent_back(letter, now_ms)
    topic = BY_NAME[letter.topic]
    is_wanted = not _is_replaced(letter, topic, values)
    if is_wanted:
        _send_back(letter, publisher, now_ms)
    if topic is not topics.LETTERS:
        publisher.publish([outgoing(topics.LETTERS, told)])
    return is_wanted


def _is_replaced(letter: Letter, topic: Topic, values: Values) -> bool:
    if not topic.compacted and topic is not topics.PROVISIONAL:
        return False
    row = _row_of(topic, letter.value)
    # A compacted topic keeps every row. Where a provisional one has expired, nothing replaced it.
    newest = None if topic.compacted else letter.value
    for value in values(topic, letter.key):
        if _row_of(topic, value) == row:
            newest = value
    return newest != letter.value


def _row_of(topic: Topic, value: bytes | None) -> tuple[type[Event], int | None] | None:
    """The row that a message sets, among those of its key. A compacted topic has one for a key.

    Provisional rows of a session are one of each kind, and one of each window for words: so
    `consumers/sink/provisional_rows.py` writes them. None for a message that is no event.
    """
    if topic.compacted:
        return None
    try:
        event = decode(topic, value)
    except Rejected:
        return None
    return type(event), getattr(event, "window", None)


def _sent_back(letter: Letter, now_ms: int) -> LetterWritten:
    original = letter.original
    return LetterWritten(
        occurred_at_ms=now_ms,
        session_id=letter.session,
        stage=StageName(letter.stage),
        topic=original.topic,
        partition=original.partition,
        offset=original.offset,
        reason=Reason(letter.reason),
        detail=letter.detail,
        replayed=True,
    )


def _send_back(letter: Letter, publisher: Publisher, now_ms: int) -> None:
    topic = BY_NAME[letter.topic]
    try:
        event = decode(topic, letter.value)
    except Rejected:
        event = None
    if isinstance(event, WindowReady):
        request = ReplayRequested(
            occurred_at_ms=now_ms,
            session_id=event.session_id,
            request_id=letter.identity,
            window=event.window,
        )
        publisher.publish([outgoing(topics.INBOUND, request)])
        return
    publisher.publish([Outgoing(letter.topic, letter.key, letter.value)])
