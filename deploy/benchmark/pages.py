"""`lahstats benchmark pages`: weight and time of the pages, through the front door.

A stack of its own, without models, holds the year of one table. A real Chromium opens each page
with an empty cache, several times.
"""

import statistics
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, ViewportSize

from adapters.objects.lexicons import shipped_lexicon
from adapters.process.clock import unix_ms
from adapters.settings import Settings
from adapters.warehouse import Warehouse
from deploy.benchmark.chromium import chromium
from deploy.benchmark.recorder import WRITE_SIDE
from deploy.devstack.running_stack import scratch_stack
from deploy.seeding.seed import write_year
from deploy.seeding.year import Table, tables, talks
from deploy.table_printer import markdown as table

PHONE: ViewportSize = {"width": 390, "height": 844}
FONT = ".ttf"
DRAWN = "main:not([aria-busy])"
MARK = """
new MutationObserver((_, seen) => {
  if (!document.querySelector("main:not([aria-busy]) > *:not(noscript)")) return;
  performance.mark("drawn");
  seen.disconnect();
}).observe(document, { subtree: true, childList: true, attributes: true });
"""
TIMES = """() => [
  performance.getEntriesByName("drawn")[0].startTime,
  Math.max(0, ...performance.getEntriesByType("resource")
    .filter((one) => one.name.includes("/v1/") && one.name.includes("/wrapped?"))
    .map((one) => one.responseEnd)),
]"""
"""When the page was drawn, and when the answer that a story is made of had come."""


@dataclass(frozen=True)
class Weighed:
    """One page, opened `runs` times with an empty cache.

    `kilobytes`: all answers over the wire with their heads, without the font. `drawn_ms`: from the
    navigation to the page with everything on it that can be tapped. `after_answer_ms`: from the
    answer that a story is made of to its first slide; None for other pages. Both are medians.
    """

    page: str
    runs: int
    requests: int
    kilobytes: float
    font_kilobytes: float
    drawn_ms: int
    worst_ms: int
    after_answer_ms: int | None
    third_party: int


@dataclass
class _Load:
    sizes: dict[str, int] = field(default_factory=dict)
    hosts: set[str] = field(default_factory=set)
    drawn_ms: float = 0
    answered_ms: float = 0

    @property
    def size(self) -> int:
        """Bytes of everything."""
        return sum(self.sizes.values())

    @property
    def font_size(self) -> int:
        """Bytes of the fonts."""
        fonts = [size for name, size in self.sizes.items() if name.endswith(FONT)]
        return sum(fonts)


def measure(runs: int) -> list[Weighed]:
    """Blocks for about a minute. Starts a stack of its own, without the models."""
    with scratch_stack("pages") as stack:
        stack.keep_only(WRITE_SIDE)
        one = _year(stack.settings)
        return list(weighed(stack.settings.url("front"), one, runs))


def _year(settings: Settings) -> Table:
    lexicon = shipped_lexicon()
    found = tables([entry.word for entry in lexicon.words])[:1]
    year = list(talks(found, datetime.now(UTC).date()))
    with closing(Warehouse(settings)) as warehouse:
        write_year(warehouse, year, lexicon.version, unix_ms, lambda done, all_: None)
    return found[0]


def weighed(url: str, one: Table, runs: int) -> Iterator[Weighed]:
    """Each page, first signed out and then as the table's first person."""
    person = one.members[0].user_id
    with chromium() as browser:
        yield _page(browser, url, "/", None, runs)
        for path in ("/", "/record", "/settings", "/wrapped?period=year"):
            yield _page(browser, url, path, person, runs)


def _page(browser: Browser, url: str, path: str, person: str | None, runs: int) -> Weighed:
    loads = [_load(browser, url, path, person) for _ in range(runs)]
    fonts = [one.font_size for one in loads]
    others = [one.size - one.font_size for one in loads]
    drawn = [one.drawn_ms for one in loads]
    after = [one.drawn_ms - one.answered_ms for one in loads if one.answered_ms]
    visitor = "signed in" if person else "signed out"
    return Weighed(
        page=f"{path} {visitor}",
        runs=runs,
        requests=len(loads[0].sizes),
        kilobytes=round(max(others) / 1000, 1),
        font_kilobytes=round(max(fonts) / 1000, 1),
        drawn_ms=round(statistics.median(drawn)),
        worst_ms=round(max(drawn)),
        after_answer_ms=round(statistics.median(after)) if after else None,
        third_party=len(_third_parties(loads, url)),
    )


def _third_parties(loads: Sequence[_Load], url: str) -> set[str]:
    """The hosts beside the one of the address."""
    hosts: set[str] = set()
    for one in loads:
        hosts |= one.hosts
    return hosts - {urlsplit(url).netloc}


def _load(browser: Browser, url: str, path: str, person: str | None) -> _Load:
    """One visit. The cache is empty: whoever signs in does it in another context."""
    state = _signed_in(browser, url, person) if person else None
    context = browser.new_context(viewport=PHONE, storage_state=state, service_workers="block")
    page = context.new_page()
    page.add_init_script(MARK)
    load = _Load()
    _weigh(page, load)
    page.goto(url + path)
    page.wait_for_selector(f"{DRAWN} > *")
    page.wait_for_load_state("networkidle")
    load.drawn_ms, load.answered_ms = page.evaluate(TIMES)
    context.close()
    return load


def _signed_in(browser: Browser, url: str, person: str) -> Any:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{url}/sign-in?as={person}&after=/site/icon.svg")
    page.locator("form button").click()
    page.wait_for_url(f"{url}/site/icon.svg")
    state = context.storage_state()
    context.close()
    return state


def _weigh(page: Page, load: _Load) -> None:
    """By the browser's own account of what came over the wire."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    names: dict[str, str] = {}

    def asked(event: dict[str, Any]) -> None:
        address = str(event["request"]["url"])
        if address.startswith("http"):
            names[event["requestId"]] = address
            load.hosts.add(address.split("/")[2])

    def came(event: dict[str, Any]) -> None:
        name = names.get(event["requestId"])
        if name:
            load.sizes[name] = load.sizes.get(name, 0) + int(event["encodedDataLength"])

    session.on("Network.requestWillBeSent", asked)
    session.on("Network.loadingFinished", came)


def markdown(found: Sequence[Weighed]) -> list[str]:
    """Return the lines of a Markdown table."""
    heads = (
        *("page", "requests", "kB", "font, kB", "drawn, ms", "worst, ms"),
        *("story after its answer, ms", "third parties"),
    )
    rows = [
        (
            one.page,
            str(one.requests),
            f"{one.kilobytes:.1f}",
            f"{one.font_kilobytes:.1f}",
            str(one.drawn_ms),
            str(one.worst_ms),
            "" if one.after_answer_ms is None else str(one.after_answer_ms),
            str(one.third_party),
        )
        for one in found
    ]
    return table(heads, rows)
