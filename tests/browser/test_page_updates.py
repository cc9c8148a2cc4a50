"""An update while a page is open: each page has the files of one version, offline too."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from api.pages.contents import contents
from api.pages.files import FILES, MEDIA_TYPES, PAGES
from api.pages.versions import PLACE
from deploy.waiting import until
from tests.browser.both_sides import serving
from tests.browser.pages_alone import ANSWERS, SIGNED_IN

KEPT = "() => navigator.serviceWorker.ready.then(() => caches.keys())"
MODULES = """() => performance.getEntriesByType("resource").map((one) => one.name)
  .filter((name) => /[.](js|css|json)$/.test(name))"""
UPDATED = """async () => {
  const worker = await navigator.serviceWorker.ready;
  const changed = new Promise((done) => {
    navigator.serviceWorker.addEventListener("controllerchange", done, { once: true });
  });
  await worker.update();
  await changed;
}"""
TAP = """async (at) => (await fetch(`/files/${at}/record/tap.js`)).status"""


class Server:
    """Serves the files of the pages as of `version`."""

    version = "1"
    is_there = True
    """Whether files of a version are served; pages always are."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answer(Request(scope).url.path)(scope, receive, send)

    def _answer(self, address: str) -> Response:
        if address in ANSWERS:
            return JSONResponse(ANSWERS[address])
        at = self.version if address in PAGES else ""
        if address.startswith(PLACE):
            at, _, name = address.removeprefix(PLACE).partition("/")
            address = f"/{name}" if at == self.version and self.is_there else ""
        path = FILES.get(address)
        return Response(status_code=404) if path is None else _file(path, at)


def _file(path: Path, at: str) -> Response:
    return Response(contents(path, "", at).body, media_type=MEDIA_TYPES[path.suffix])


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def page(chromium: Browser, server: Server) -> Iterator[Page]:
    """The recorder's page, kept in the browser as of the first version."""
    context = chromium.new_context()
    with serving(server) as url:
        found = context.new_page()
        found.goto(f"{url}/site/icon.svg")
        found.evaluate(SIGNED_IN)
        found.goto(f"{url}/record")
        found.wait_for_function("() => navigator.serviceWorker.controller !== null")
        yield found
        context.close()


def versions(page: Page) -> set[str]:
    """The versions of all files that the page has loaded."""
    names = page.evaluate(MODULES)
    assert len(names) > 20
    return {name.split("/")[4] if PLACE in name else name for name in names}


def drawn(page: Page) -> None:
    page.locator("main:not([aria-busy]) form button.record").wait_for()


def test_a_page_takes_all_from_one_version_and_the_next_load_takes_the_new_one(
    page: Page, server: Server
) -> None:
    drawn(page)
    assert versions(page) == {"1"}
    server.version = "2"
    page.reload()
    drawn(page)
    assert versions(page) == {"2"}


def test_a_page_that_is_open_at_an_update_has_its_files(page: Page, server: Server) -> None:
    server.version = "2"
    page.evaluate(UPDATED)
    assert page.evaluate(KEPT) == ["lah-shell/files/1", "lah-shell/files/2"]
    assert page.evaluate(TAP, "1") == 200


@pytest.mark.parametrize("is_updated", [False, True])
def test_without_a_network_the_page_is_of_one_version_too(
    page: Page, server: Server, is_updated: bool
) -> None:
    server.version = "2"
    if is_updated:
        page.evaluate(UPDATED)
    page.context.set_offline(True)
    page.reload()
    drawn(page)
    assert versions(page) == {"2" if is_updated else "1"}


def test_versions_of_long_ago_are_forgotten(page: Page, server: Server) -> None:
    for version in ("2", "3"):
        server.version = version
        page.evaluate(UPDATED)
    # A page has the new worker before that one has tidied up.
    until(lambda: page.evaluate(KEPT), ["lah-shell/files/2", "lah-shell/files/3"].__eq__)
