"""The page in real Chromium: the read side over a seeded warehouse, the gateway's own answers."""

import shutil
import socket
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Playwright,
    ViewportSize,
    expect,
    sync_playwright,
)
from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.http.signing import sign_user
from adapters.http.tokens import UserTokens
from adapters.objects.lexicons import shipped_lexicon
from adapters.process.clock import unix_ms
from adapters.warehouse import Warehouse
from api.app import build
from api.dependencies import provide
from api.main import services
from api.shares import drawing
from api.signing_in.service import SigningIn
from consumers.runtime.outcome import Record
from consumers.sink.step import Sink
from deploy.benchmark.chromium import QUIET
from deploy.prepare import credentials
from deploy.seeding.seed import requests, write_year
from deploy.seeding.year import ZONE, Table, tables, talks
from deploy.waiting import until
from producers.gateway import app as gateway
from producers.gateway.dependencies import provide as gateway_provides
from schemas.days import unix_ms_of
from streams.groups import fold as groups
from streams.store import Store
from streams.users import fold as users
from tests.integration.served import Served, filled_by
from tests.memory_blob_store import MemoryBlobStore
from tests.write_side import WriteSide

TODAY = date(2026, 11, 24)
PHONE: ViewportSize = {"width": 390, "height": 844}
FLAGS = [
    *QUIET,
    "--disable-sync",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--use-fake-device-for-media-stream",
]
PATIENCE_MS = 30_000
"""Nobody waits so long for a page, but tests share a machine."""
expect.set_options(timeout=PATIENCE_MS)


class Site:
    """Where the page is, and a token of whoever looks."""

    def __init__(self, url: str, token: str, warehouse: Warehouse, blobs: MemoryBlobStore) -> None:
        self.url = url
        self.token = token
        self.warehouse = warehouse
        self.blobs = blobs


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One table's year, told up to a fixed day, behind the real routes."""
    folder = tmp_path_factory.mktemp("page")
    credentials.ensure(folder)
    with filled_by(Served(folder)) as (served, warehouse):
        lexicon = shipped_lexicon()
        found = tables([entry.word for entry in lexicon.words])[:3]
        noon = unix_ms_of(datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC))
        write_year(
            warehouse,
            list(talks(found, TODAY)),
            lexicon.version,
            lambda: noon,
            lambda done, all_: None,
        )
        tell_people(warehouse, found)
        app = build()
        tokens = UserTokens(served.settings)
        door = SigningIn(served.settings)
        blobs = PlayableBlobs()
        provide(app, services(warehouse, blobs, tokens, door, lambda: TODAY, drawing.png))
        with _serving(both_sides(app, write_side(tokens))) as url:
            yield Site(url, sign_user(served.settings, "demo-owner", 3600), warehouse, blobs)


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


class _serving:  # noqa: N801 - a context manager
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


@pytest.fixture(scope="session")
def stack_settings() -> dict[str, str]:
    """One worker of each model stage: no page is about how workers share windows."""
    return {"TRANSCRIBE_WORKERS": "1", "DIARIZE_WORKERS": "1"}


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver of every browser: a process may have one."""
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium."""
    found = shutil.which("chromium")
    assert found, (
        "these tests drive a real browser: install Debian's package `chromium` "
        "(as root, `make browser` does)"
    )
    browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A phone's screen with reduced motion, so that pictures are still.

    Fails on any script error.
    """
    context = chromium.new_context(
        viewport=PHONE,
        device_scale_factor=1,
        reduced_motion="reduce",
        locale="en-SG",
        timezone_id=ZONE,
    )
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on(
        "console",
        lambda message: (
            errors.append(message.text)
            if message.type == "error" and not _is_refusal(message)
            else None
        ),
    )
    yield opened
    context.close()
    assert errors == []


def _is_refusal(message: ConsoleMessage) -> bool:
    """Whether the page deals with this answer, though the console calls it an error.

    Such are the answers of the api, of the store for a clip's old address, and pages in words about
    addresses at which there is nothing. There is no front door here that says that it answers.
    """
    dealt_with = ("/v1/", "/clips/", "/share/", "/no-such-page", "/front-door")
    return any(part in message.location["url"] for part in dealt_with)


DOCS = Path("docs/wrapped")
