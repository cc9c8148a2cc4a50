"""The thin agent around every fold: decode, fold, publish and wait, write the table and wait, let Faust commit."""

import asyncio
import os
from collections.abc import Sequence
from typing import Any, cast

import faust

from adapters.errors import TransientError
from adapters.kafka.dead_letters import letter
from adapters.kafka.fuse import Fuse
from adapters.kafka.publisher import Outgoing, Publisher, outgoing
from adapters.process import metrics
from adapters.process.logs import logger
from adapters.process.retry import retry_transient
from schemas.codec import decode
from schemas.rejections import Reason, Rejected
from schemas.topics import BY_NAME, SESSION_PARTITIONS
from streams.fold import Fold
from streams.store import Store
from streams.tables import ConfirmedTable


class FoldAgent:
    """One agent per fold. Faust acks an event even when its agent raises, so nothing may be raised out of it."""

    def __init__(self, app: faust.App, publisher: Publisher, fold: Fold) -> None:
        self._publisher, self._fold, self._log = publisher, fold, logger()
        self._fuse = Fuse(fold.name)
        self.table = cast(
            ConfirmedTable,
            app.Table(fold.name, partitions=SESSION_PARTITIONS, key_type=bytes, value_type=bytes),
        )
        names = [topic.name for topic in fold.topics]
        source = app.topic(
            *names, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw"
        )
        app.agent(source, name=f"streams.{fold.name}", concurrency=1)(self._iterate)

    async def _iterate(self, stream: Any) -> None:
        async for event in stream.events():
            try:
                await self._handle(event.message)
            except BaseException as error:
                if isinstance(error, asyncio.CancelledError | GeneratorExit):
                    raise  # a rebalance: the event is not acked and comes again
                self._crash(error)

    def _crash(self, error: BaseException) -> None:
        # Loud and at once: the offset is not committed, the supervisor starts us again.
        self._log.error(
            "stream_worker_crashed",
            fold=self._fold.name,
            error=type(error).__name__,
            exc_info=error,
        )
        os._exit(70)

    async def _handle(self, message: Any) -> None:
        store = Store(lambda key: self.table.get(key.encode()))
        outputs = await asyncio.to_thread(self._decide, store, message)
        await asyncio.to_thread(retry_transient, lambda: self._publisher.publish(outputs))
        for key, value in store.writes.items():
            self.table[key.encode()] = value
            self._fold.on_write(key, value)
        await self.table.confirm()

    def _decide(self, store: Store, message: Any) -> Sequence[Outgoing]:
        topic = BY_NAME[message.topic]
        try:
            event = decode(topic, message.value)
            outputs = retry_transient(lambda: self._fold.run(store, event))
        except Rejected as error:
            store.writes.clear()
            return [self._letter(message, error.reason, error.detail)]
        except TransientError:
            raise
        except Exception as error:  # noqa: BLE001 - a fold that fails on one event must not stop its partition, but is never silent
            store.writes.clear()
            self._log.error(
                "fold_failed", fold=self._fold.name, error=type(error).__name__, exc_info=error
            )
            return [self._letter(message, Reason.FOLD_FAILED, type(error).__name__)]
        self._fuse.reset()
        metrics.EVENTS_HANDLED.labels(self._fold.name, "done").inc()
        return [outgoing(topic, event) for topic, event in outputs]

    def _letter(self, message: Any, reason: Reason, detail: str) -> Outgoing:
        self._fuse.add(1)
        metrics.DEAD_LETTERS.labels(self._fold.name, reason).inc()
        self._log.warning(
            "dead_lettered",
            stage=self._fold.name,
            reason=reason,
            topic=message.topic,
            partition=message.partition,
            offset=message.offset,
        )
        return letter(
            message.topic, message.partition, message.offset, message.key, message.value,
            stage=self._fold.name, reason=reason, detail=detail, attempt=1,
        )  # fmt: skip
