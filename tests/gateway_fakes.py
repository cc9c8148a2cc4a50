"""Fakes behind the write side, which write down what was stored and published; and its caller."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI, Request

from adapters.audio.answers import Measured
from adapters.audio.decoding import measure
from adapters.audio.opening import UNDECODABLE
from adapters.http.tokens import UserTokens, bearer
from adapters.kafka.publisher import Outgoing
from adapters.objects.s3 import refused
from adapters.process.retry import TransientError
from schemas.codec import decode
from schemas.event import Event, Pointer
from schemas.ids import UserId
from schemas.rejections import Reason, Rejected
from schemas.topics import BY_NAME
from tests.memory_blob_store import MemoryBlobStore


class RecordingBlobStore(MemoryBlobStore):
    """Notes every write in `journal`; raises TransientError while `is_away`."""

    def __init__(self, journal: list[str]) -> None:
        super().__init__()
        self.journal = journal
        self.is_away = False
        self.is_full = False
        self.listings = 0

    def keys(self, prefix: str) -> list[str]:
        self.listings += 1
        return super().keys(prefix)

    def take_over(self, other: MemoryBlobStore) -> None:
        """Hold the objects of `other` too, as a store does for every gateway."""
        self._objects.update(other.contents())

    def put(self, key: str, body: bytes, content_type: str, sha256: str = "") -> Pointer:
        if self.is_away:
            raise TransientError("the object store is away")
        if self.is_full:
            raise refused(507)
        self.journal.append("put")
        return super().put(key, body, content_type, sha256)


@dataclass
class RecordingPublisher:
    """Notes every publish in `journal`; hands each event to `on_event`."""

    journal: list[str]
    on_event: Callable[[Event], None]
    is_away: bool = False
    events: list[Event] = field(default_factory=list)

    def publish(self, messages: Sequence[Outgoing]) -> None:
        if self.is_away:
            raise TransientError("kafka is away")
        self.journal.append("publish")
        for message in messages:
            event = decode(BY_NAME[message.topic], message.value)
            self.events.append(event)
            self.on_event(event)

    async def published(self, messages: Sequence[Outgoing]) -> None:
        self.publish(messages)


class MeasuredHere:
    """Measures in this process, without a child."""

    async def measure(self, body: bytes, user: UserId) -> Measured:
        try:
            return measure(body)
        except UNDECODABLE:
            raise Rejected(Reason.UNDECODABLE_AUDIO, f"{len(body)} bytes") from None


class NamedUsers(UserTokens):
    """A bearer token is the name of its user."""

    def __init__(self) -> None:
        pass

    async def user(self, request: Request) -> UserId:
        return UserId(bearer(request))


class Client:
    """Calls an application in this process. Blocking; a crash is its answer, 500."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app

    def request(self, method: str, path: str, **sent: Any) -> httpx.Response:
        return asyncio.run(self._request(method, path, **sent))

    async def _request(self, method: str, path: str, **sent: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
            return await client.request(method, path, **sent)
