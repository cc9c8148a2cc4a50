"""Reads the log session by session: one partition of all topics of sessions at a time.

All topics of sessions have the same partitions, so a session lies in one partition of each. A
partition with much in it is read in several passes, each for some of its sessions: memory is
bounded by the messages of one pass.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from zlib import crc32

from adapters.kafka.ends import Place
from adapters.kafka.fetched import Fetched
from adapters.kafka.partition_log import PartitionLog
from deploy.audit.log_facts import LogFacts, Logged
from schemas import topics
from schemas.codec import decode
from schemas.event import SessionEvent
from schemas.fact_sheet import SESSION_PARTITIONS, Topic
from schemas.ids import SessionId
from schemas.rejections import Rejected
from schemas.stages import GROUPS_READ
from schemas.topics import BY_NAME

OF_SESSIONS = tuple(
    topic
    for topic in topics.ALL
    if topic.key == ("session_id",) and topic is not topics.PROVISIONAL
)
"""Provisional facts are replaced by the first generation, and part of no total."""
PASS = 200_000
"""Messages of one pass."""


@dataclass(frozen=True)
class Pass:
    """Some sessions of some partitions: those whose id has this remainder."""

    partitions: Sequence[int]
    number: int
    of: int

    def holds(self, session_id: bytes) -> bool:
        """Whether the session with this id is read in this pass."""
        return crc32(session_id) % self.of == self.number


class SessionLog:
    """The sessions of the log. Blocking; raises TransientError when the broker is away."""

    def __init__(self, bootstrap: str) -> None:
        """Ask what every stage has read: a session of which one has not read all still moves."""
        self._log = PartitionLog(bootstrap, "audit")
        self._read_offsets = self._offsets_read_by_all()

    def look_again(self) -> None:
        """Ask again what every stage has read."""
        self._read_offsets = self._offsets_read_by_all()

    def passes(self) -> list[Pass]:
        """How the log is read: each session is in exactly one pass."""
        everything = range(SESSION_PARTITIONS)
        if self._messages(everything) <= PASS:
            return [Pass(everything, 0, 1)]
        found: list[Pass] = []
        for partition in everything:
            of_partition = self._messages([partition]) // PASS + 1
            found += [Pass([partition], number, of_partition) for number in range(of_partition)]
        return found

    def _messages(self, partitions: Sequence[int]) -> int:
        return sum(self._log.sizes(_of_partitions(partitions)).values())

    def sessions(self, one: Pass, now_ms: int) -> Iterator[LogFacts]:
        """The sessions of one pass, in the order in which the log names them first.

        `now_ms` (Unix): the time before they are read. Events further ahead of it than SKEW_MS
        were written by a clock that is wrong.
        """
        found: dict[SessionId, LogFacts] = {}
        for messages in self._log.read(_of_partitions(one.partitions)):
            for message in messages:
                if message.key is not None and one.holds(message.key):
                    self._take(found, message, now_ms)
        yield from found.values()

    def _take(self, found: dict[SessionId, LogFacts], message: Fetched, now_ms: int) -> None:
        try:
            event = decode(BY_NAME[message.topic], message.value)
        except Rejected:
            return  # a stage dead-letters it: it is a fact of no session
        if not isinstance(event, SessionEvent):
            return
        facts = found.setdefault(event.session_id, LogFacts(event.session_id, now_ms))
        facts.take(event, Logged(message.topic, message.partition, message.offset))
        read_by_all = self._read_offsets.get(message.place)  # None: no stage reads this partition
        if read_by_all is not None and message.offset >= read_by_all:
            facts.waits = True

    def _offsets_read_by_all(self) -> dict[Place, int]:
        """The offset up to which every stage that reads a partition has committed it."""
        read_by_all: dict[Place, int] = {}
        for group, topics_read in GROUPS_READ.items():
            committed = self._log.passed(group)
            for place in _places(topics_read):
                read_by_group = committed.get(place, 0)
                read_by_others = read_by_all.get(place, read_by_group)
                read_by_all[place] = min(read_by_group, read_by_others)
        return read_by_all

    def close(self) -> None:
        """Give the connections back."""
        self._log.close()


def _of_partitions(partitions: Sequence[int]) -> list[Place]:
    names = [topic.name for topic in OF_SESSIONS]
    return list(product(names, partitions))


def _places(reads: Sequence[Topic]) -> list[Place]:
    names = [topic.name for topic in reads if topic in OF_SESSIONS]
    return list(product(names, range(SESSION_PARTITIONS)))
