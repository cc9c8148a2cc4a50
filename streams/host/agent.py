"""The agent of a fold: takes a micro-batch, decides it, commits it, then writes the table."""

import asyncio
import os
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import faust
import msgspec
from cachetools import LRUCache

from adapters.kafka.dead_letters import Letters
from adapters.kafka.fetched import Fetched
from adapters.kafka.fuse import Fuse, FuseOpened
from adapters.kafka.intake import Batch
from adapters.kafka.publisher import Outgoing
from adapters.kafka.transaction import Transactions
from adapters.kafka.transactional_calls import StaleMemberError
from adapters.process import metrics, work_log
from adapters.process.logs import logger
from adapters.process.retry import TransientError, is_stopping
from adapters.table import Table
from streams.fold import Fold
from streams.host.batch import Decided, Decider

CRASHED = 70
"""Exit status after an error that is neither transient nor a rejection."""
REMEMBERED = 1_024
"""Decoded values of a fold in memory. Most are some kilobytes, those of a long session 100."""
MOST_S = 3.0
"""A micro-batch that takes longer is cut: who joins waits until all have polled."""


class BatchSource(Protocol):
    """Port: see `Intake`."""

    def join(self) -> None:
        """See `Intake.join`."""

    def take(self) -> Batch | None:
        """See `Intake.take`."""

    def rewind(self, messages: Sequence[Fetched]) -> None:
        """See `Intake.rewind`."""

    def close(self) -> None:
        """See `Intake.close`."""


class Gate(Protocol):
    """Port: see `FuseGate`."""

    def wait(self) -> None:
        """See `FuseGate.wait`."""

    def stop(self) -> None:
        """See `FuseGate.stop`."""

    def keep_open(self, error: FuseOpened) -> None:
        """See `FuseGate.keep_open`."""


@dataclass(frozen=True)
class Guards:
    """Everything that keeps a fold from harm, and others from a fold that does harm."""

    letters: Letters
    fuse: Fuse
    gate: Gate


class FoldAgent:
    """Hosts one fold as a Faust agent. The fold, its consumer and its producer share one thread.

    Outputs, changelog records and offsets of a batch are one transaction. The table follows the
    commit: whatever is lost of it is in the changelog. A member that lost its partitions writes
    nothing. Faust swallows what an agent raises, so an error that cannot be handled ends the
    process.
    """

    def __init__(
        self,
        app: faust.App,
        fold: Fold,
        table: Table,
        transactions: Transactions,
        guards: Guards,
    ) -> None:
        self._app = app
        self._fold = fold
        self._table = table
        self._transactions = transactions
        self._decoded: LRUCache[str, msgspec.Struct] = LRUCache(REMEMBERED)
        self._gate = guards.gate
        self._decider = Decider(
            fold,
            lambda partition, key: table.get(partition, key.encode()),
            self._decoded,
            guards.letters,
            guards.fuse,
        )
        self._log = logger()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"fold-{fold.name}")
        self._batches = app.channel(maxsize=1)
        app.agent(self._batches, name=f"streams.{fold.name}", concurrency=1)(self._iterate)

    @property
    def name(self) -> str:
        """The name of the fold."""
        return self._fold.name

    def forget(self) -> None:
        """Forgets values in memory: others may change those of partitions that were taken away."""
        self._decoded.clear()

    def feed_from(self, source: BatchSource) -> None:
        """Starts to take batches from `source` when the app starts."""
        self._source = source
        self._app.task(self._feed)

    async def _feed(self) -> None:
        # Channels are shut until Faust's own consumer has its partitions. There is none here.
        # Resuming empties all channels, so it is done once.
        if not self._app.flow_control.is_active():
            self._app.flow_control.resume()
        await self._in_thread(self._gate.wait)
        if self._app.should_stop:
            return
        await self._in_thread(self._source.join)
        self._handled = asyncio.Event()
        while not self._app.should_stop:
            batch = await self._in_thread(self._source.take)
            if batch is not None:
                self._handled.clear()
                await self._batches.send(value=batch)
                await self._handled.wait()

    async def _iterate(self, stream: Any) -> None:
        async for batch in stream:
            await self._in_thread(self._handle, batch)
            self._handled.set()

    async def _in_thread(self, call: Any, *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, self._or_crash, call, *arguments
        )

    def _or_crash(self, call: Any, *arguments: Any) -> Any:
        try:
            return call(*arguments)
        except BaseException as error:  # noqa: BLE001 - it would be swallowed by Faust
            if is_stopping() and isinstance(error, TransientError):
                # SIGTERM while a server is away. The broker aborts what is open.
                self._log.warning("batch_given_up", fold=self._fold.name, reason=str(error))
                os._exit(0)
            # Loud and at once: nothing was committed, the supervisor starts the process again.
            try:
                if isinstance(error, FuseOpened):
                    self._gate.keep_open(error)
            finally:
                self._log_crash(error)
                os._exit(CRASHED)

    def _log_crash(self, error: BaseException) -> None:
        name = type(error).__name__
        self._log.error("stream_worker_crashed", fold=self._fold.name, error=name, exc_info=error)

    def _handle(self, batch: Batch) -> None:
        messages = batch.messages
        until_s = time.monotonic() + MOST_S
        while messages:
            began_s = time.monotonic()
            decided = self._decider.decide(messages)
            try:
                self._commit(decided, batch)
            except StaleMemberError as error:
                self._log.warning("stale_batch_dropped", fold=self._fold.name, error=str(error))
                self.forget()
                self._source.rewind(messages)
                return
            rows = sum(len(writes) for writes in decided.writes.values())
            took_s = time.monotonic() - began_s
            outputs = len(decided.outputs)
            work_log.micro_batch_done(self.name, decided.handled, outputs, rows, took_s)
            if decided.error is not None:
                raise decided.error
            messages = messages[decided.handled :]
            if messages and time.monotonic() > until_s:
                self._source.rewind(messages)
                return

    def _commit(self, decided: Decided, batch: Batch) -> None:
        """Sends outputs, changelog records and offsets in one transaction; then writes rows."""
        if not decided.handled:
            return
        changelog = self._fold.role.changelog
        outgoing = [*decided.outputs]
        for partition, rows in decided.rows.items():
            for key, value in rows.items():
                record = Outgoing(changelog, key, value, partition=partition)
                outgoing.append(record)
        offsets = {**batch.ends, **decided.offsets}
        ends = self._transactions.commit(outgoing, offsets, batch.group)
        for partition, rows in decided.rows.items():
            self._table.write(partition, rows, ends[changelog, partition])
        self._remember(decided)
        self._count(decided)

    def _remember(self, decided: Decided) -> None:
        for writes in decided.writes.values():
            for key, value in writes.items():
                if value is None:
                    self._decoded.pop(key, None)
                else:
                    self._decoded[key] = value

    def _count(self, decided: Decided) -> None:
        metrics.EVENTS_HANDLED.labels(self._fold.name, "done").inc(decided.done)
        for reason, number in decided.letters.items():
            metrics.DEAD_LETTERS.labels(self._fold.name, reason).inc(number)

    def leave(self) -> Future[None]:
        """Leaves the group after the batch that is in work. Call it when the app has stopped.

        Does not block. A broker that is away may keep it from being done.
        """
        self._gate.stop()
        return self._thread.submit(self._source.close)

    def close(self) -> None:
        """Gives the table back. Call it when `leave` is done."""
        self._thread.shutdown()
        self._table.close()
