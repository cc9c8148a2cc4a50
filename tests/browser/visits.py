"""Walks through the pages, and what a visitor of a walk can do.

A walk is a generator: at each `yield` the page is in a state that people meet.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import PHONE, Site
from tests.browser.looking import SHOWN, go_on, heading, signed_in

OWNER = "demo-owner"


@dataclass(frozen=True)
class State:
    """A page as people meet it. `name` is that of its picture, `told` one line about it.

    `is_at_end`: it is seen at the end of a page that is longer than its picture.
    """

    name: str
    told: str
    is_at_end: bool = False


class Visit:
    """One browser context at a time on the site."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self._browser = browser
        self.site = site
        self._context: BrowserContext | None = None
        self._shown: Page | None = None

    @property
    def page(self) -> Page:
        """The page of the latest `visitor`."""
        assert self._shown is not None
        return self._shown

    def visitor(self, name: str | None = None, **given: Any) -> Page:
        """A browser that knows nothing, or one in which `name` is signed in."""
        self.close()
        options: dict[str, Any] = {
            "viewport": PHONE,
            "reduced_motion": "reduce",
            "locale": "en-SG",
            "timezone_id": "Asia/Singapore",
            "service_workers": "block",
            **given,
        }
        self._context = self._browser.new_context(**options)
        self._shown = self._context.new_page()
        if name:
            signed_in(self._shown, self.site.url, name)
        return self._shown

    def open(self, path: str) -> Page:
        """The page at `path`, drawn."""
        self.page.goto(self.site.url + path)
        self.drawn()
        return self.page

    def each(self, pages: Mapping[str, State]) -> Iterator[State]:
        """The page at each path, one after the other."""
        for path, state in pages.items():
            self.open(path)
            yield state

    def drawn(self) -> None:
        """Until there is something to see, with its letters."""
        drawn = self.page.locator("#main:not([aria-busy]) >> nth=0")
        expect(drawn).to_be_attached()
        self.page.evaluate("() => document.fonts.ready.then(() => true)")

    def says(self, text: str | re.Pattern[str]) -> None:
        """Until the page says it."""
        expect(self.page.locator("main")).to_contain_text(text)

    def tap(self, name: str) -> None:
        """A button or a link that is to be seen."""
        self.page.locator("main").get_by_text(name, exact=True).locator("visible=true").click()

    def slides(self, prefix: str, told: str) -> Iterator[State]:
        """Every slide of the story that is open, from the one that is shown on."""
        met: set[str] = set()
        while True:
            title = heading(self.page)
            name = f"{prefix}-{_slug(title)}"
            while name in met:
                name += "-more"
            met.add(name)
            assert self.page.locator("#said").inner_text().endswith(title)  # for screen readers
            self.card()
            yield State(name, f"{told}: “{title}”")
            if (
                self.page.locator("#next").count() == 0
                or not self.page.locator("#next").is_enabled()
            ):
                return
            go_on(self.page)
            assert self.page.evaluate("document.activeElement.tagName") == "H2"

    def card(self) -> None:
        """Until the card of the slide is drawn, if it has one."""
        found = self.page.locator(f"{SHOWN} .preview")
        if found.count():
            found.wait_for()
            found.evaluate("picture => picture.decode()")

    def looks_at(self, page: Page) -> None:
        """Another page of the same browser is the one that is looked at."""
        self._shown = page

    def close(self) -> None:
        """Leave; nothing is asked."""
        if self._context is not None:
            self._context.close()
            self._context = None


Walk = Callable[[Visit], Iterator[State]]


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower().replace("'", "")).strip("-")
