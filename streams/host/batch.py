"""Decides a micro-batch: events in, messages and writes out. Nothing is published or written."""

import time
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property

import msgspec

from adapters.kafka.dead_letters import Letters
from adapters.kafka.ends import Place
from adapters.kafka.fetched import Fetched
from adapters.kafka.fuse import Fuse, FuseOpened, source_of
from adapters.kafka.publisher import MOST_BYTES, Outgoing, outgoing, too_large
from adapters.process.clock import Clock, unix_ms
from adapters.process.logs import logger
from adapters.process.retry import MachineError, TransientError, is_of_machine, retry_transient
from adapters.table import Rows
from schemas.codec import decode
from schemas.event import Event
from schemas.ids import SessionId
from schemas.rejections import Reason, Rejected
from schemas.session_events import Tick
from schemas.topics import BY_NAME
from streams import given_up
from streams.fold import Fold, Outputs
from streams.host.not_ahead import not_ahead
from streams.store import Store, Writes

MOST_S = 0.2
"""Time after which a batch ends early: a fold that reads objects must not hold its outputs back."""
LARGE_BYTES = 100_000
"""Of one event whose rows are measured. Those of smaller ones grow too large together alone."""
Read = Callable[[int, str], bytes | None]
"""Partition and key to the value in the table."""
Decoded = MutableMapping[str, msgspec.Struct]


@dataclass
class Decided:
    """The outcome of the first messages of a batch."""

    offsets: dict[Place, int] = field(default_factory=dict)
    outputs: list[Outgoing] = field(default_factory=list)
    stores: dict[int, Store] = field(default_factory=dict)
    letters: dict[Reason, int] = field(default_factory=dict)
    without_ticks: set[SessionId] = field(default_factory=set)
    """Sessions of which a Tick became a dead letter."""
    handled: int = 0
    error: Exception | None = None
    """The process must end after this batch, for this reason."""

    @property
    def done(self) -> int:
        """Messages that are no dead letters."""
        return self.handled - sum(self.letters.values())

    @cached_property
    def writes(self) -> dict[int, Writes]:
        """Writes by partition. Read them when everything is decided: later writes are not seen."""
        written: dict[int, Writes] = {}
        for partition, store in self.stores.items():
            writes = store.writes
            if writes:
                written[partition] = writes
        return written

    @cached_property
    def rows(self) -> dict[int, Rows]:
        """The same as the changelog has them."""
        return {partition: _encoded(writes) for partition, writes in self.writes.items()}


class Decider:
    """Runs a fold over messages. Not thread-safe. Blocks as long as the fold does."""

    def __init__(
        self,
        fold: Fold,
        read: Read,
        decoded: Decoded,
        letters: Letters,
        fuse: Fuse,
        clock: Clock = unix_ms,
    ) -> None:
        self._fold = fold
        self._read = read
        self._decoded = decoded
        self._letters = letters
        self._fuse = fuse
        self._clock = clock
        self._newest_ms = 0
        self._without_ticks: set[SessionId] = set()
        self._log = logger()

    def decide(self, messages: Sequence[Fetched]) -> Decided:
        """Returns the outcome of the first `handled` messages: at least one, or an error.

        A message that is rejected becomes a dead letter alone; its neighbours go on. So does one
        that makes a row larger than any broker takes. Raises TransientError when the fold's servers
        stay away.
        """
        if self._fold.ahead is not None:
            self._fold.ahead(list(_events(messages)))
        decided = self._decided(messages, measured_from=LARGE_BYTES)
        if any(map(_has_large, decided.rows.values())):
            # Rows are encoded once for all events. Which of them is to blame is seldom asked.
            decided = self._decided(messages, measured_from=0)
        self._without_ticks |= decided.without_ticks
        return decided

    def _decided(self, messages: Sequence[Fetched], *, measured_from: int) -> Decided:
        """`measured_from`: bytes of a message from which the rows that it makes are measured."""
        decided = Decided()
        until = time.monotonic() + MOST_S
        for message in messages:
            try:
                decided.outputs += self._outputs(decided, message, measured_from)
            except FuseOpened as error:
                decided.error = error
                break
            decided.offsets[message.place] = message.offset + 1
            decided.handled += 1
            if time.monotonic() > until:
                break
        return decided

    def _outputs(
        self, decided: Decided, message: Fetched, measured_from: int
    ) -> Sequence[Outgoing]:
        store = self._store(decided, message.partition)
        event: Event | None = None
        try:
            event = self._not_ahead(decode(BY_NAME[message.topic], message.value))
            outputs = self._folded(store, event)
            messages = [outgoing(topic, output) for topic, output in outputs]
            refuse_too_large(messages)
            if len(message.value or b"") >= measured_from:
                refuse_large_rows(store.pending)
        except Rejected as error:
            store.discard()
            if isinstance(event, Tick) and self._is_told(decided, event):
                return []
            return self._letter(decided, message, event, error)
        store.accept()
        self._fuse.handled(source_of(message, event))
        return messages

    def _is_told(self, decided: Decided, tick: Tick) -> bool:
        """Whether a Tick of its session is a dead letter already.

        A session that is still due gets another Tick soon, for ever: one letter says it all.
        """
        session_id = tick.session_id
        if session_id in self._without_ticks or session_id in decided.without_ticks:
            return True
        decided.without_ticks.add(session_id)
        return False

    def _not_ahead(self, event: Event) -> Event:
        """As `not_ahead`. Nothing but a Tick is older for a clock that went back.

        All that people ask for would be older than what they asked for before: it would come late.
        """
        now_ms = self._clock()
        self._newest_ms = max(self._newest_ms, now_ms)
        return not_ahead(event, now_ms if isinstance(event, Tick) else self._newest_ms)

    def _folded(self, store: Store, event: Event) -> Outputs:
        """Raises Rejected for what can never be folded, and for a defect that this event meets."""
        try:
            return retry_transient(lambda: self._run(store, event))
        except (TransientError, MachineError, Rejected):
            raise
        except Exception as error:
            if is_of_machine(error):
                raise
            # One event must not stop its partition.
            name = type(error).__name__
            self._log.error("fold_failed", fold=self._fold.name, error=name, exc_info=error)
            raise Rejected(Reason.FOLD_FAILED, name) from error

    def _run(self, store: Store, event: Event) -> Outputs:
        store.discard()  # a try before may have written
        return self._fold.run(store, event)

    def _store(self, decided: Decided, partition: int) -> Store:
        if partition not in decided.stores:
            decided.stores[partition] = Store(lambda key: self._read(partition, key), self._decoded)
        return decided.stores[partition]

    def _letter(
        self, decided: Decided, message: Fetched, event: Event | None, error: Rejected
    ) -> list[Outgoing]:
        reason = error.reason
        self._fuse.rejected(source_of(message, event), reason)
        decided.letters[reason] = decided.letters.get(reason, 0) + 1
        self._letters.log(message, reason)
        outputs = list(self._letters.about(message, event, reason, error.detail))
        for topic, answer in given_up.told(self._fold.role, event, reason):
            outputs.append(outgoing(topic, answer))
        return outputs


def refuse_too_large(messages: Sequence[Outgoing]) -> None:
    """Raises Rejected for a message that no broker takes."""
    if found := too_large(messages):
        raise Rejected(Reason.FOLD_FAILED, found)


def refuse_large_rows(writes: Writes) -> None:
    """The same for the rows that an event writes."""
    if _has_large(_encoded(writes)):
        raise Rejected(Reason.FOLD_FAILED, f"more than {MOST_BYTES} bytes for a row")


def _has_large(rows: Rows) -> bool:
    """Whether no broker takes one of the rows: the changelog has them as messages."""
    return any(len(value or b"") > MOST_BYTES for value in rows.values())


def _encoded(writes: Writes) -> Rows:
    rows: dict[bytes, bytes | None] = {}
    for key, value in writes.items():
        rows[key.encode()] = None if value is None else msgspec.json.encode(value)
    return rows


def _events(messages: Sequence[Fetched]) -> Iterator[Event]:
    """The messages that are events."""
    for message in messages:
        with suppress(Rejected):
            yield decode(BY_NAME[message.topic], message.value)
