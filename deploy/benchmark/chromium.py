"""A real Chromium, as the benchmarks of the pages drive it."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
)
"""A browser that does nothing of its own; as root it has no sandbox."""


@contextmanager
def chromium(flags: Sequence[str] = QUIET) -> Iterator[Browser]:
    """Yield a browser. Raises FileNotFoundError without Chromium."""
    found = shutil.which("chromium")
    if found is None:
        raise FileNotFoundError("this drives a real browser: install Debian's package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(flags))
        yield browser
        browser.close()
