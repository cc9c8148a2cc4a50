"""The read side and the write side as one origin, with memory behind them."""

import socket
import threading
from collections.abc import Sequence
from dataclasses import replace

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.http.tokens import UserTokens
from adapters.process.clock import unix_ms
from adapters.warehouse import Warehouse
from consumers.runtime.outcome import Record
from consumers.sink.step import Sink
from deploy.seeding.seed import requests
from deploy.seeding.year import Table
from deploy.waiting import until
from producers.gateway import app as gateway
from producers.gateway.dependencies import provide as gateway_provides
from streams.groups import fold as groups
from streams.store import Store
from streams.users import fold as users
from tests.memory_blob_store import MemoryBlobStore
from tests.write_side import WriteSide


class PlayableBlobs(MemoryBlobStore):
    """Objects in memory. Clips have addresses, at which there is nothing to hear."""

    def presign(self, key: str) -> str:
        """The address of a clip."""
        return f"/clips/{key}"


def write_side(tokens: UserTokens) -> FastAPI:
    """The write side with memory behind it, for those who are signed in here."""
    side = WriteSide(clock=unix_ms)
    app = gateway.build()
    gateway_provides(app, replace(side.services, users=tokens))
    return app


def both_sides(read: ASGIApp, write: ASGIApp) -> ASGIApp:
    """One origin, as the front door makes it."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        side = write if scope["type"] == "http" and _changes(scope) else read
        await side(scope, receive, send)

    return app


def _changes(scope: Scope) -> bool:
    path = str(scope["path"])
    if scope["method"] in ("GET", "HEAD"):
        return path.endswith("/chunks") or path == "/docs/gateway.json"
    return path.startswith("/v1/")


def tell_people(warehouse: Warehouse, found: Sequence[Table]) -> None:
    """Groups and profiles as rows, by the folds that decide about them."""
    held: dict[str, bytes] = {}
    store = Store(held.get)
    asked = [event for table in found for _, event in requests(table)]
    decided = [
        sent for event in asked for sent in (*groups.fold(store, event), *users.fold(store, event))
    ]
    Sink(warehouse, lambda: 0).process([Record(topic, 0, 0, event) for topic, event in decided])


class serving:  # noqa: N801 - a context manager
    def __init__(self, app: ASGIApp) -> None:
        # Held from now on: a port that was only found free may be somebody else's a moment later.
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        self._thread = threading.Thread(
            target=self._server.run, args=([self._listening],), daemon=True
        )

    def __enter__(self) -> str:
        self._thread.start()
        until(lambda: self._server.started, bool)
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()
