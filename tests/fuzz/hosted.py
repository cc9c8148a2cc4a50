"""Sessions on the memory stack under the product's own hosts, with messages that are mutated.

Each fold has its decider and its table on disk, each step its bisection, and the timer's ticks come
from the index of the table. Messages go as bytes, so that a mutated one is decoded as any other.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from random import Random

import msgspec
from msgspec.structs import replace

from adapters.kafka.dead_letters import Letters
from adapters.kafka.fetched import Fetched
from adapters.kafka.fuse import Fuse
from adapters.kafka.publisher import Outgoing, outgoing
from adapters.settings import Settings
from adapters.table import Table
from consumers.runtime.bisected import bisected
from consumers.runtime.outcome import DeadLettered, Dropped, Postponed, Record, Step
from schemas import stages, topics
from schemas.codec import decode
from schemas.event import Event, SessionEvent
from schemas.fact_sheet import Topic
from schemas.rejections import Reason, Rejected
from schemas.session_events import FINAL, State
from schemas.session_requests import (
    EraseRequested,
)
from schemas.topics import BY_NAME
from streams.fold import Fold
from streams.host.batch import Decider
from streams.main import rules_of
from streams.sessions.due import DueIndex, DueSessions
from streams.sessions.recorded import session_of
from streams.sessions.state import Session
from tests.fuzz.mutations import altered
from tests.golden import EXAMPLES
from tests.guide.memory_stack import LEXICON, NOW_MS
from tests.guide.phone import SESSION
from tests.lossy_stack import TICK_MS, most_ms
from tests.recorded_stack import Recording

DEFECTS = {Reason.FOLD_FAILED, Reason.STEP_FAILED}
MOST_MUTATED = 10
"""In one session: the fuse opens when eleven people have dead letters, and each may be another."""
WINDOWS = 10
RULES = rules_of(Settings(), LEXICON)
STATED_MS = RULES.idle_ms + RULES.grace_ms + most_ms(RULES.patience_ms, WINDOWS)
"""The time in which every session must end, whatever was lost of it."""


def tables(folder: Path) -> dict[str, Table]:
    """The table of each fold; that of the sessions has the index of the timer."""
    index = DueIndex(RULES)
    return {
        fold.name: (
            Table(folder / fold.name, index.due, index.version)
            if fold is stages.SESSIONS
            else Table(folder / fold.name)
        )
        for fold in stages.FOLDS
    }


class Hosted(Recording):
    """A recording whose stages are hosted as in the product. It has a partition of its own.

    `defects` are what no message may meet, each with the stage that met it.
    """

    def __init__(self, on_disk: Mapping[str, Table], partition: int) -> None:
        super().__init__()
        self.now_ms = NOW_MS
        self.defects: list[str] = []
        self._partition = partition
        self._offsets = count()
        self._on_disk = on_disk
        self._decoded: dict[str, dict[str, msgspec.Struct]] = {}
        self._deciders = {fold.name: self._hosted(fold) for fold in self._folds}
        self._due = DueSessions(on_disk[stages.SESSIONS.name], lambda: (partition,))

    def _hosted(self, fold: Fold) -> Decider:
        table = self._on_disk[fold.name]
        self._decoded[fold.name] = {}
        return Decider(
            fold,
            lambda partition, key: table.get(partition, key.encode()),
            self._decoded[fold.name],
            Letters(fold.name, lambda: self.now_ms),
            Fuse(fold.name, lambda _: {}),
            lambda: self.now_ms,
        )

    def publish(self, topic: Topic, event: Event) -> None:
        """Every reader has handled all that follows when this returns."""
        waiting = deque([outgoing(topic, event)])
        while waiting:
            for message in self._arrived(waiting.popleft()):
                waiting += self._handled(message)

    def _arrived(self, message: Outgoing) -> Sequence[Outgoing]:
        return [message]

    def _handled(self, message: Outgoing) -> list[Outgoing]:
        topic = BY_NAME[message.topic]
        place = (topic.name, self._partition, next(self._offsets))
        fetched = Fetched(*place, message.key, message.value)
        said: list[Outgoing] = []
        for fold in self._folds:
            if topic in fold.role.reads:
                said += self._decided(fold.name, fetched)
        try:
            event = decode(topic, message.value)
        except Rejected:
            return said
        self.log.append((topic, event))
        for step in self._steps:
            if topic in stages.BY_NAME[step.name].reads:
                said += self._worked(step, Record(topic, *place[1:], event))
        return said

    def _decided(self, name: str, fetched: Fetched) -> list[Outgoing]:
        decided = self._deciders[name].decide([fetched])
        if decided.error is not None:
            raise decided.error
        self._note(name, decided.letters)
        for partition, writes in decided.writes.items():
            rows = {
                key.encode(): None if value is None else msgspec.json.encode(value)
                for key, value in writes.items()
            }
            self._on_disk[name].write(partition, rows, 0)
            for key in writes:
                self._decoded[name].pop(key, None)
        return [message for message in decided.outputs if message.topic in BY_NAME]

    def _worked(self, step: Step, record: Record) -> list[Outgoing]:
        [outcome] = bisected(step, [record], lambda *_: None)
        if isinstance(outcome, DeadLettered):
            self._note(step.name, [outcome.reason])
        if isinstance(outcome, Dropped | Postponed):
            return []
        return [outgoing(topic, event) for topic, event in outcome.events]

    def _note(self, name: str, reasons: Sequence[Reason] | Mapping[Reason, int]) -> None:
        self.defects += [f"{name}: {reason}" for reason in reasons if reason in DEFECTS]

    @property
    def sessions(self) -> list[Session]:
        """All that were started in the partition."""
        rows = self._on_disk[stages.SESSIONS.name].items(self._partition)
        found = [
            msgspec.json.decode(value, type=Session)
            for key, value in rows
            if session_of(key.decode()) is not None
        ]
        return [session for session in found if session.is_started]

    def wait_until_final(self) -> None:
        """Let time pass. A session that does not end in the stated time is noted."""
        until_ms = self.now_ms + STATED_MS
        while any(session.state not in FINAL for session in self.sessions):
            self.now_ms += TICK_MS
            if self.now_ms > until_ms:
                left = (one.state for one in self.sessions if one.state not in FINAL)
                self.defects += [f"{state} for ever" for state in left]
                return
            self.tick()

    def tick(self) -> None:
        """The timer looks at the sessions that are due."""
        for tick in self._due.ticks(self.now_ms, self.now_ms):
            self.publish(topics.INBOUND, tick)

    def erase_all(self) -> None:
        """Each owner erases theirs."""
        for session in self.sessions:
            self.ask(EraseRequested, session_id=session.session_id, by=session.owner)
        left = [session.state for session in self.sessions if session.state is not State.ERASED]
        self.defects += [f"{state} and not to be erased" for state in left]


class Fuzzed(Hosted):
    """Messages of one topic are mutated: in place of the right one, and beside any other."""

    def __init__(
        self, on_disk: Mapping[str, Table], partition: int, topic: Topic, random: Random
    ) -> None:
        super().__init__(on_disk, partition)
        self.mutated: list[bytes] = []
        self._topic = topic
        self._random = random
        self._seen = shown(topic)
        self._share = random.choice([0.02, 0.1, 0.5])
        self._most = random.randint(1, MOST_MUTATED)

    def calm(self) -> None:
        """All messages are right from now on."""
        self._most = 0

    def _arrived(self, message: Outgoing) -> Sequence[Outgoing]:
        is_ours = message.topic == self._topic.name
        if is_ours:
            self._seen.append(message)
        if len(self.mutated) >= self._most or self._random.random() > self._share:
            return [message]
        odd = self._odd()
        if is_ours and self._random.random() < 0.5:
            return [odd]
        return self._random.choice([[odd, message], [message, odd]])

    def _odd(self) -> Outgoing:
        bodies = [seen.value for seen in self._seen if seen.value is not None]
        body = altered(self._random.getrandbits(32), bodies[-MOST_MUTATED:])
        self.mutated.append(body)
        return Outgoing(self._topic.name, self._seen[-1].key, body)


def shown(topic: Topic) -> list[Outgoing]:
    """The examples of a topic, about the session that is recorded here."""
    ours = [
        replace(event, event_id="", session_id=SESSION)
        for on, event in EXAMPLES
        if on is topic and isinstance(event, SessionEvent)
    ]
    return [outgoing(topic, event) for event in ours]
