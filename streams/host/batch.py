"""Decides a micro-batch: events in, messages and writes out. Nothing is published or written."""

import time
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import msgspec

from adapters.kafka.consumer import Fetched, Place
from adapters.kafka.dead_letters import letter, log_letter
from adapters.kafka.fuse import Fuse, FuseBlown
from adapters.kafka.publisher import Outgoing, outgoing
from adapters.process.logs import logger
from adapters.process.retry import TransientError, retry_transient
from schemas.codec import decode
from schemas.event import Event
from schemas.rejections import Reason, Rejected
from schemas.topics import BY_NAME
from streams.fold import Fold, Outputs
from streams.store import Store, Writes

MOST_S = 0.2
"""Time after which a batch ends early: a fold that reads objects must not hold its outputs back."""
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
        written = {partition: store.writes for partition, store in self.stores.items()}
        return {partition: writes for partition, writes in written.items() if writes}


class Decider:
    """Runs a fold over messages. Not thread-safe. Blocks as long as the fold does."""

    def __init__(self, fold: Fold, read: Read, decoded: Decoded) -> None:
        self._fold = fold
        self._read = read
        self._decoded = decoded
        self._fuse = Fuse(fold.name)
        self._log = logger()

    def decide(self, messages: Sequence[Fetched]) -> Decided:
        """Returns the outcome of the first `handled` messages: at least one, or an error.

        A message that is rejected becomes a dead letter alone; its neighbours go on. Raises
        TransientError when the fold's servers stay away.
        """
        decided = Decided()
        until = time.monotonic() + MOST_S
        for message in messages:
            try:
                decided.outputs += self._outputs(decided, message)
            except FuseBlown as error:
                decided.error = error
                break
            decided.offsets[message.place] = message.offset + 1
            decided.handled += 1
            if time.monotonic() > until:
                break
        return decided

    def _outputs(self, decided: Decided, message: Fetched) -> Sequence[Outgoing]:
        store = self._store(decided, message.partition)
        try:
            event = decode(BY_NAME[message.topic], message.value)
            outputs = retry_transient(lambda: self._run(store, event))
        except TransientError:
            raise
        except Rejected as error:
            store.discard()
            return [self._letter(decided, message, error.reason, error.detail)]
        except Exception as error:  # noqa: BLE001 - one event must not stop its partition
            store.discard()
            name = type(error).__name__
            self._log.error("fold_failed", fold=self._fold.name, error=name, exc_info=error)
            return [self._letter(decided, message, Reason.FOLD_FAILED, name)]
        store.accept()
        self._fuse.reset()
        return [outgoing(topic, event) for topic, event in outputs]

    def _run(self, store: Store, event: Event) -> Outputs:
        store.discard()  # a try before may have written
        return self._fold.run(store, event)

    def _store(self, decided: Decided, partition: int) -> Store:
        if partition not in decided.stores:
            decided.stores[partition] = Store(lambda key: self._read(partition, key), self._decoded)
        return decided.stores[partition]

    def _letter(self, decided: Decided, message: Fetched, reason: Reason, detail: str) -> Outgoing:
        self._fuse.add(1)
        decided.letters[reason] = decided.letters.get(reason, 0) + 1
        log_letter(message, self._fold.name, reason)
        return letter(message, stage=self._fold.name, reason=reason, detail=detail, attempt=1)
