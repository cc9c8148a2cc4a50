"""A consumer group in memory that moves partitions at any poll, in the middle of a batch too.

While a partition is another member's, that one handles some of its messages. The group checks each
commit: it is of a partition that is ours, sets nothing back, passes over nothing, and answers no
message that was answered.
"""

import random
from collections.abc import Mapping, Sequence
from concurrent.futures import Future

from adapters.kafka.ends import Place
from adapters.kafka.fetched import Fetched
from adapters.kafka.publisher import Outgoing
from adapters.kafka.transactional_calls import StaleMemberError
from consumers.runtime.loop import Loop
from schemas import topics
from schemas.codec import encode
from schemas.ids import SessionId
from schemas.session_events import Tick
from tests.consumer_loop import at_once

TOPIC = topics.INBOUND.name
PARTITIONS = range(3)
MESSAGES = 8
MOVES = 8
MOST_POLLS = 50_000
"""Many more than it takes."""
Message = tuple[int, int]
"""Partition and offset."""


def message_of(key: bytes | None) -> Message:
    """The message that an answer is about."""
    partition, _, offset = (key or b"").decode().partition("-")
    return int(partition), int(offset)


class MovingGroup:
    """Broker, consumer and transactions in one. `handled` are messages that have their answer."""

    loop: Loop

    def __init__(self, dice: random.Random, *, loses: bool) -> None:
        """`loses`: some partitions are another member's before ours hears of it."""
        self._dice = dice
        self._loses = loses
        self._moves = MOVES
        self._polls = 0
        self._epoch = 0
        self._known_epoch = 0
        self._logs = {partition: self._log() for partition in PARTITIONS}
        self._committed = dict.fromkeys(PARTITIONS, 0)
        self._begun: dict[Message, int] = {}
        self._position: dict[int, int] = {}
        self._reached: dict[int, int] = {}
        self._leaving: set[int] = set()
        self.handled: set[Message] = set()

    def _log(self) -> list[int]:
        """Offsets of messages. Between them are the marks of transactions, and one at the end."""
        offsets = range(2 * MESSAGES)
        return sorted(self._dice.sample(offsets, MESSAGES))

    @property
    def messages(self) -> set[Message]:
        """All that there are."""
        return {(partition, one) for partition, log in self._logs.items() for one in log}

    def poll(self, most: int, wait_s: float) -> list[Fetched]:
        self._polls += wait_s > 0  # the others are made while work goes on: for as long as it does
        assert self._polls < MOST_POLLS, "the group waits for ever"
        self._known_epoch = self._epoch
        if self._moves and self._dice.random() < 0.2:
            self._move()
        elif not self._moves:
            self._assign(set(PARTITIONS) - self._position.keys())
        elif self._dice.random() < 0.1:
            self._epoch += 1  # somebody joined, and we have not heard of it
        found = [one for partition in list(self._position) for one in self._fetched(partition)]
        if not found and not self._moves and self._is_done():
            self.loop.stop()
        return found

    def _is_done(self) -> bool:
        return all(self._committed[partition] == 2 * MESSAGES for partition in PARTITIONS)

    def _move(self) -> None:
        self._moves -= 1
        self._epoch += 1
        ours = sorted(self._position)
        if not ours or self._dice.random() < 0.5:
            self._assign(set(PARTITIONS) - set(ours))
            return
        gone = set(self._dice.sample(ours, self._dice.randint(1, len(ours))))
        places = {(TOPIC, partition) for partition in gone}
        if self._loses and self._dice.random() < 0.5:
            self._leave(gone)
            self.loop.on_lost(places)
        else:
            self._leaving = gone
            self.loop.on_revoke(places)
            self._leaving = set()
            self._leave(gone)

    def _assign(self, partitions: set[int]) -> None:
        for partition in partitions:
            self._position[partition] = self._committed[partition]

    def _leave(self, partitions: set[int]) -> None:
        """Others have them now, and handle some of their messages at once."""
        for partition in partitions:
            del self._position[partition]
            self._reached.pop(partition, None)
            first = self._committed[partition]
            waiting = [one for one in self._logs[partition] if one >= first]
            for offset in waiting[: self._dice.randint(0, 2)]:
                self.handled.add((partition, offset))
                self._committed[partition] = offset + 1

    def _fetched(self, partition: int) -> list[Fetched]:
        waiting = [one for one in self._logs[partition] if one >= self._position[partition]]
        found = waiting[: self._dice.randint(0, 3)]
        if found:
            self._position[partition] = found[-1] + 1
        elif not waiting and self._position[partition] < 2 * MESSAGES:
            self._position[partition] = self._reached[partition] = 2 * MESSAGES
        return [self._message(partition, offset) for offset in found]

    def _message(self, partition: int, offset: int) -> Fetched:
        session = SessionId(f"{partition}-{offset}")
        tick = Tick(occurred_at_ms=1, session_id=session, now_ms=1)
        return Fetched(TOPIC, partition, offset, session.encode(), encode(tick))

    def hold(self, topics: frozenset[str]) -> None: ...

    def membership(self) -> object:
        return self._known_epoch

    def take_ends(self, besides: set[Place]) -> dict[Place, int]:
        places = {(TOPIC, partition): end for partition, end in self._reached.items()}
        taken = {place: end for place, end in places.items() if place not in besides}
        self._reached = {one: end for one, end in self._reached.items() if (TOPIC, one) in besides}
        return taken

    def attempts(self, offsets: Mapping[Place, int]) -> dict[Place, int]:
        return {place: self._begun.get((place[1], at), 0) for place, at in offsets.items()}

    def begin(self, place: Place, offset: int, attempt: int) -> Future[None]:
        _, partition = place
        self._check(partition, offset)
        self._begun[partition, offset] = attempt
        return at_once()

    def commit(
        self, messages: Sequence[Outgoing], offsets: Mapping[Place, int], group: object
    ) -> dict[Place, int]:
        if group != self._epoch:
            raise StaleMemberError("kafka: STALE_MEMBER_EPOCH")
        answered = {message_of(one.key) for one in messages}
        assert not answered & self.handled, "a message is answered twice"
        self.handled |= answered
        for (_, partition), offset in offsets.items():
            self._check(partition, offset)
        return {}

    def _check(self, partition: int, offset: int) -> None:
        assert partition in self._position.keys() | self._leaving, "it is another member's"
        before = self._committed[partition]
        assert before <= offset, "what another member committed is set back"
        passed = {(partition, one) for one in self._logs[partition] if before <= one < offset}
        assert passed <= self.handled, "a message is passed over"
        self._committed[partition] = offset
