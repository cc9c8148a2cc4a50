"""The page in real Chromium: the read side over a seeded warehouse, the gateway's own answers."""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Playwright,
    ViewportSize,
    expect,
    sync_playwright,
)

from adapters.http.signing import sign_user
from adapters.http.tokens import UserTokens
from adapters.objects.lexicons import shipped_lexicon
from adapters.warehouse import Warehouse
from api.app import build
from api.dependencies import provide
from api.main import services
from api.shares import drawing
from api.signing_in.service import SigningIn
from deploy.benchmark.chromium import QUIET
from deploy.prepare import credentials
from deploy.seeding.seed import write_year
from deploy.seeding.year import ZONE, tables, talks
from schemas.days import unix_ms_of
from tests.browser.answering_gateway import Gateway
from tests.browser.both_sides import PlayableBlobs, both_sides, serving, tell_people, write_side
from tests.browser.pages_alone import BEGUN, MICROPHONES, SIGNED_IN, Network, page_alone
from tests.integration.served import Served, filled_by
from tests.memory_blob_store import MemoryBlobStore

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


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests without a server come first, then those of the site, then those on the stack.

    Servers that nobody asks anything take the processor all the same.
    """
    items.sort(key=_servers)


def _servers(item: pytest.Item) -> int:
    wanted = getattr(item, "fixturenames", ())
    return 2 * ("stack" in wanted) + ("site" in wanted)


class Site:
    """Where the page is, and a token of whoever looks."""

    def __init__(self, url: str, token: str, warehouse: Warehouse, blobs: MemoryBlobStore) -> None:
        self.url = url
        self.token = token
        self.warehouse = warehouse
        self.blobs = blobs


def read(site: Site, path: str) -> dict[str, Any]:
    """An answer of the read side to whoever looks."""
    return dict(
        httpx.get(site.url + path, headers={"Authorization": f"Bearer {site.token}"})
        .raise_for_status()
        .json()
    )


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
        with serving(both_sides(app, write_side(tokens))) as url:
            yield Site(url, sign_user(served.settings, "demo-owner", 3600), warehouse, blobs)


@pytest.fixture(scope="session")
def talk(site: Site) -> dict[str, Any]:
    """The last talk, as the api tells it."""
    last = read(site, "/v1/sessions?limit=1")["sessions"][0]
    return read(site, f"/v1/sessions/{last['session_id']}/wrapped")


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


@pytest.fixture
def network() -> Network:
    """Both sides of a page that is alone, as answers."""
    return Network()


@pytest.fixture
def alone(chromium: Browser, network: Network) -> Iterator[Page]:
    """A page that has every file of the pages; `network` gets all other requests."""
    with page_alone(chromium, network.answer) as found:
        yield found


@pytest.fixture
def signed_in(alone: Page) -> Page:
    """The same, of somebody who is signed in."""
    alone.evaluate(SIGNED_IN)
    return alone


@pytest.fixture
def gateway() -> Gateway:
    """The write side of `sender`, as answers."""
    return Gateway()


@pytest.fixture
def sender(chromium: Browser, gateway: Gateway) -> Iterator[Page]:
    """A page that sends what waits; `gateway` gets all of it."""
    with page_alone(chromium, gateway.answer) as found:
        yield found


@pytest.fixture
def modules(chromium: Browser) -> Iterator[Page]:
    """A page that has the files of the pages, and no server."""
    with page_alone(chromium, lambda route: route.abort()) as page:
        yield page


@pytest.fixture(scope="session")
def files(chromium: Browser) -> Iterator[Page]:
    """The same page for all who ask functions of the files that keep nothing and change nothing."""
    with page_alone(chromium, lambda route: route.abort()) as page:
        yield page


@pytest.fixture
def recording(modules: Page) -> Page:
    """A recording that runs, with microphones that hear nothing."""
    modules.evaluate(f"() => {{ {MICROPHONES} }}")
    modules.evaluate(BEGUN)
    return modules


def _is_refusal(message: ConsoleMessage) -> bool:
    """Whether the page deals with this answer, though the console calls it an error.

    Such are the answers of the api, of the store for a clip's old address, and pages in words about
    addresses at which there is nothing. There is no front door here that says that it answers.
    """
    dealt_with = ("/v1/", "/clips/", "/share/", "/no-such-page", "/front-door")
    return any(part in message.location["url"] for part in dealt_with)


DOCS = Path("docs/wrapped")
