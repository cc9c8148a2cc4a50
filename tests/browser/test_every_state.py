"""Every page and state: axe finds nothing, nothing is cut off, and keys reach everything."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser import sheets
from tests.browser.conftest import PHONE, Site
from tests.browser.evenings import Evenings
from tests.browser.looking import axe
from tests.browser.visits import State, Visit, Walk
from tests.browser.walks import WALKS

NARROW: ViewportSize = {"width": 320, "height": 640}
WIDE: ViewportSize = {"width": 1280, "height": 800}
TOO_WIDE = """() => [
    document.documentElement, ...document.querySelectorAll("section:not([hidden])"),
  ].filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.tagName)"""
ENLARGE = "(size) => { document.documentElement.style.fontSize = size; }"
STOPS = """() => [...document.querySelectorAll(
    "a[href], button, input, select, summary, audio, [tabindex='0']")]
  .filter((one) => one.checkVisibility() && !one.disabled && !one.closest("[hidden]")
    && (one.tagName === "SUMMARY" || !one.closest("details:not([open])")))"""
WATCH = f"""() => {{
  document.activeElement?.blur();
  if (!window.met) addEventListener("keyup", () => {{
    const stops = ({STOPS})();
    const at = document.activeElement;
    const isUnseen = stops.includes(at) && getComputedStyle(at).outlineStyle === "none";
    window.met.push([stops.indexOf(at), isUnseen ? at.outerHTML.slice(0, 120) : ""]);
  }}, true);
  window.met = [];
}}"""
"""The page notes after each key which stop has the focus, and that stop where nobody sees it."""
MET = f"() => [({STOPS})().length, window.met.splice(0)]"
MOST_PRESSES = 400
MOST_REPEATS = 12
"""A player of audio has several stops of its own, and they all have its name."""
SCREENS = bool(os.environ.get("SCREENS"))
met: dict[str, State] = {}
walked: set[Walk] = set()


@pytest.fixture(scope="session")
def evenings(site: Site) -> Evenings:
    """Talks in every state."""
    told = Evenings(site)
    told.all()
    return told


@pytest.fixture(scope="session")
def pictures() -> Iterator[None]:
    """At the end of a whole run that makes pictures: the page of all of them."""
    yield
    if not SCREENS:
        return
    if len(walked) == len(WALKS):
        sheets.index(list(met.values()), sheets.FOLDER)


@pytest.mark.parametrize(
    "walk", WALKS, ids=lambda walk: f"{walk.__module__.split('.')[-1]}-{walk.__name__}"
)
@pytest.mark.usefixtures("evenings", "pictures")
def test_everybody_can_use_it(walk: Walk, chromium: Browser, site: Site) -> None:
    visit = Visit(chromium, site)
    wrong: dict[str, list[str]] = {}
    for state in walk(visit):
        assert state.name not in met, "two states have one name"
        met[state.name] = state
        found = list(faults(visit.page))
        if found:
            wrong[state.name] = found
        if SCREENS:
            sheets.take(visit.page, state, sheets.FOLDER)
        visit.page.emulate_media(color_scheme="light")
        visit.page.set_viewport_size(PHONE)
    visit.close()
    walked.add(walk)
    assert wrong == {}


def faults(page: Page) -> Iterator[str]:
    """The faults of the page as it is now, in words."""
    page.set_viewport_size(NARROW)
    yield from axe(page)
    page.emulate_media(color_scheme="dark")
    yield from (f"dark: {one}" for one in axe(page, "color-contrast"))
    for size in (NARROW, WIDE):
        page.set_viewport_size(size)
        yield from (f"{one} is too wide at {size['width']} px" for one in page.evaluate(TOO_WIDE))
    page.set_viewport_size(PHONE)
    page.evaluate(ENLARGE, "200%")
    yield from (f"{one} is too wide with letters of 200 %" for one in page.evaluate(TOO_WIDE))
    page.evaluate(ENLARGE, "")
    yield from unreached(page)


def unreached(page: Page) -> Iterator[str]:
    """Stops that Tab does not lead to, or that do not show that they have the focus."""
    held = page.evaluate_handle("document.activeElement")
    page.evaluate(WATCH)
    reached: set[int] = set()
    repeats = 0
    presses = 0
    stops, _ = page.evaluate(MET)
    while stops > len(reached) and repeats <= MOST_REPEATS and presses < MOST_PRESSES:
        for _ in range(stops - len(reached)):
            page.keyboard.press("Tab")
            presses += 1
        stops, at_each = page.evaluate(MET)
        for at, unseen in at_each:
            repeats += at in reached
            if unseen and at not in reached:
                yield f"the focus is not seen at {unseen}"
            reached |= {at} - {-1}
    if stops > len(reached):
        yield f"keys reach {len(reached)} of {stops}"
    page.evaluate("(held) => held?.focus?.({ preventScroll: true })", held)
