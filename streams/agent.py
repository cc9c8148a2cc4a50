"""The agent that runs a fold: decode, fold, publish, write the table, let Faust commit."""

import asyncio
import os
from collections.abc import Sequence
from typing import Any, cast

import faust
import msgspec

from adapters.kafka.dead_letters import letter
from adapters.kafka.fuse import Fuse
from adapters.kafka.publisher import Outgoing, Publisher, StagePublisher, outgoing
from adapters.process import metrics
from adapters.process.logs import logger
from adapters.process.retry import TransientError, retry_transient
from schemas.codec import decode
from schemas.rejections import Reason, Rejected
from schemas.topics import BY_NAME, SESSION_PARTITIONS
from streams.fold import Fold
from streams.store import Store
from streams.tables import ConfirmedTable

CRASHED = 70
"""Exit status after an error that is neither transient nor a rejection."""


class FoldAgent:
    """Handles the messages of one fold one by one.

    Outputs are published and confirmed first, then the table is written and confirmed, then Faust
    may commit. Faust acknowledges a message even when its agent raises, so nothing is raised out of
    the agent: an error that cannot be handled ends the process.
    """

    def __init__(self, app: faust.App, publisher: Publisher, fold: Fold) -> None:
        self._publisher = StagePublisher(publisher, fold.role)
        self._fold = fold
        self._log = logger()
        self._fuse = Fuse(fold.name)
        table = app.Table(
            fold.name, partitions=SESSION_PARTITIONS, key_type=bytes, value_type=bytes
        )
        self.table = cast(ConfirmedTable, table)
        source = app.topic(
            *[topic.name for topic in fold.role.reads],
            key_type=bytes,
            value_type=bytes,
            key_serializer="raw",
            value_serializer="raw",
        )
        app.agent(source, name=f"streams.{fold.name}", concurrency=1)(self._iterate)

    async def _iterate(self, stream: Any) -> None:
        async for event in stream.events():
            try:
                await self._handle(event.message)
            except (asyncio.CancelledError, GeneratorExit):
                raise  # a rebalance: the message is not acknowledged and comes again
            except BaseException as error:  # noqa: BLE001 - it would be swallowed by Faust
                self._crash(error)

    def _crash(self, error: BaseException) -> None:
        # Loud and at once: the offset is not committed, the supervisor starts the process again.
        name = type(error).__name__
        self._log.error("stream_worker_crashed", fold=self._fold.name, error=name, exc_info=error)
        os._exit(CRASHED)

    async def _handle(self, message: Any) -> None:
        store = Store(lambda key: self.table.get(key.encode()))
        outputs = await asyncio.to_thread(self._decide, store, message)
        await asyncio.to_thread(retry_transient, lambda: self._publisher.publish(outputs))
        for key, value in store.writes.items():
            self._write(key, value)
        await self.table.confirm()

    def _write(self, key: str, value: msgspec.Struct | None) -> None:
        if value is None:
            self.table.pop(key.encode(), None)
            return
        body = msgspec.json.encode(value)
        self.table[key.encode()] = body
        self._fold.on_write(key, body)

    def _decide(self, store: Store, message: Any) -> Sequence[Outgoing]:
        topic = BY_NAME[message.topic]
        try:
            event = decode(topic, message.value)
            outputs = retry_transient(lambda: self._fold.run(store, event))
        except Rejected as error:
            store.discard()
            return [self._letter(message, error.reason, error.detail)]
        except TransientError:
            raise
        except Exception as error:  # noqa: BLE001 - one event must not stop its partition
            store.discard()
            return [self._failed(message, error)]
        self._fuse.reset()
        metrics.EVENTS_HANDLED.labels(self._fold.name, "done").inc()
        return [outgoing(topic, event) for topic, event in outputs]

    def _failed(self, message: Any, error: Exception) -> Outgoing:
        name = type(error).__name__
        self._log.error("fold_failed", fold=self._fold.name, error=name, exc_info=error)
        return self._letter(message, Reason.FOLD_FAILED, name)

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
            message.topic,
            message.partition,
            message.offset,
            message.key,
            message.value,
            stage=self._fold.name,
            reason=reason,
            detail=detail,
            attempt=1,
        )
