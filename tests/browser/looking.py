"""Steps of every page's tests: open it, go through it, check it by axe and by approved pictures."""

import io
import os
from pathlib import Path
from typing import Any

import numpy as np
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, Route

from tests.browser.conftest import DOCS, Site

SHOWN = "section:not([hidden])"
"""The slide that is looked at."""
KEEP = "(all) => all.forEach(({ name, value }) => localStorage.setItem(name, value))"
_kept: dict[tuple[str, str], Any] = {}
"""Cookies and localStorage of those who have signed in, by the site and their names."""
MOST_DIFFERENT = 0.01
"""Share of pixels that may differ: another version of the browser draws letters otherwise."""


def opened(page: Page, site: Site, query: str = "?period=year") -> Page:
    """The page of somebody who is signed in, with its fonts."""
    signed_in(page, site.url)
    return shown(page, site, query)


def shown(page: Page, site: Site, query: str = "?period=year") -> Page:
    """The same, for whoever the browser knows."""
    page.goto(f"{site.url}/wrapped{query}")
    page.wait_for_selector(f"{SHOWN} h2")
    # Polled from outside: a poll inside the page would be text as code, which its policy forbids.
    page.evaluate("() => document.fonts.ready.then(() => true)")
    return page


def signed_in(page: Page, url: str, name: str = "demo-owner") -> None:
    """By the page for developers once in a run, and then with all that this browser kept."""
    kept = _kept.get((url, name))
    if kept is None:
        sign_in(page, url, name)
        _kept[url, name] = page.context.storage_state()
        return
    page.context.add_cookies(kept["cookies"])
    page.goto(f"{url}/site/icon.svg")
    for origin in kept["origins"]:
        page.evaluate(KEEP, origin["localStorage"])


def sign_in(page: Page, url: str, name: str = "demo-owner") -> None:
    """Sign in by the page for developers."""
    page.goto(f"{url}/sign-in?as={name}&after=/site/icon.svg")
    page.locator("form button").click()
    page.wait_for_url(f"{url}/site/icon.svg")


def heading(page: Page) -> str:
    """Of the slide that is looked at."""
    return page.locator(f"{SHOWN} h2").inner_text()


def go_to(page: Page, title: str) -> None:
    """Forward to the first slide of that title."""
    while heading(page) != title:
        assert page.locator("#next").is_enabled(), f"there is no slide {title!r}"
        go_on(page)


def go_on(page: Page) -> None:
    """To the next slide. A field that has the focus keeps the arrow keys for itself."""
    page.locator(f"{SHOWN} h2").focus()
    page.keyboard.press("ArrowRight")


def through(page: Page) -> list[str]:
    """Every heading, in order."""
    found = [heading(page)]
    while page.locator("#next").is_enabled():
        page.keyboard.press("ArrowRight")
        found.append(heading(page))
    return found


def axe(page: Page, *rules: str) -> list[str]:
    """Findings of axe on the page as it is now: each rule, and the first element that breaks it.

    By some of its rules, or all. A document gets axe once: it takes longer than to run it.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(Axe().axe_script)
    options = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
    ran = page.evaluate("(options) => axe.run(document, options)", options)
    found = ran["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def assert_as_approved(page: Page, name: str) -> None:
    """The slide looks as its picture in the documents; with APPROVE set it becomes that picture."""
    page.evaluate("document.activeElement.blur()")
    drawn = page.screenshot()
    approved = DOCS / f"{name}.png"
    if os.environ.get("APPROVE"):
        approved.parent.mkdir(parents=True, exist_ok=True)
        approved.write_bytes(drawn)
    assert different(drawn, approved) <= MOST_DIFFERENT, name


def different(drawn: bytes, approved: Path) -> float:
    """Share of pixels that differ visibly; everything when the sizes do."""
    now, then = (
        np.asarray(Image.open(source).convert("RGB"), dtype=np.int16)
        for source in (io.BytesIO(drawn), approved)
    )
    return float((np.abs(now - then).max(axis=2) > 48).mean()) if now.shape == then.shape else 1.0


def answered(route: Route, answer: dict[str, Any]) -> None:
    """As the gateway answers. It may be another origin, which the browser asks about first."""
    allowed = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*"}
    route.fulfill(json=answer, headers=allowed)
