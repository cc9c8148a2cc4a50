"""A browser with a microphone that hears a known signal, and the recorder's page in it."""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGKILL
from typing import Any

import numpy as np
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from adapters.settings import Settings
from consumers.audio.decoder import Samples
from deploy.benchmark.process_use import parent_of
from deploy.benchmark.recorder import FLAGS, Sent, heard_of, note, write_wav
from deploy.benchmark.seams import Seams, seams, signal
from deploy.devstack.running_stack import RunningStack
from schemas.audio import SAMPLES_PER_MS
from schemas.ranges import Ranges
from tests.browser.conftest import PHONE
from tests.browser.looking import sign_in

SIGNAL_S = 100
SENT_MS = 60_000
AS_A_PHONE: dict[str, Any] = {"viewport": PHONE, "locale": "en-SG", "reduced_motion": "reduce"}
"""A lamp that glows is drawn sixty times a second, and nobody looks at it."""
SHORTEST_MS = 1000
"""A stretch that is shorter is not looked for in the source."""
FULL_DISK = """
window.isFull = false;
for (const name of ["put", "add"]) {
  const real = IDBObjectStore.prototype[name];
  IDBObjectStore.prototype[name] = function (...given) {
    if (!window.isFull) return real.apply(this, given);
    this.transaction.abort();
    throw new DOMException("there is no room", "QuotaExceededError");
  };
}
"""
"""Once `window.isFull` is set, nothing more can be kept in this browser."""


@dataclass
class Recorder:
    """One person's browser and its page."""

    context: BrowserContext
    url: str
    sent: Sent
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        self.context.on("request", lambda request: note(self.sent, request))
        self.page = self.context.pages[0]

    def sign_in(self, name: str) -> "Recorder":
        """As a person of this name."""
        sign_in(self.page, self.url, name)
        return self

    def open(self) -> "Recorder":
        """The recorder's page, as it is now."""
        self.page.goto(f"{self.url}/record")
        self.drawn()
        return self

    def drawn(self) -> None:
        """Until the page has something to show."""
        self.page.locator("main:not([aria-busy]) > h1").wait_for()

    def start(self) -> "Recorder":
        """Record; returns once the clock runs."""
        expect(self.page.locator("main")).to_contain_text("Everyone agrees")
        self.page.locator("form button.record").click()
        self.page.locator(".clock").wait_for()
        return self

    def stop(self) -> None:
        """Stop, and wait until everything is sent."""
        self.page.locator("button.record").click()
        self.until_sent()

    def until_sent(self) -> None:
        """Until everything is safely stored, as the page says."""
        self.page.locator("#sent[data-done]").wait_for(timeout=SENT_MS)

    def seconds(self, name: str) -> int:
        """`safe` or `waits`, as the page shows it."""
        return self._shown(f"#{name}")

    @property
    def talked_s(self) -> int:
        """How long the recording is, as the page shows it."""
        return self._shown(".clock")

    def _shown(self, selector: str) -> int:
        parts = self.page.locator(selector).inner_text().split(":")
        return sum(int(part) * 60**power for power, part in enumerate(reversed(parts)))

    def until_talked(self, seconds: int) -> None:
        """Blocks until the recording is so long."""
        self.wait(lambda: self.talked_s >= seconds, patience_s=seconds + 60)

    def until_recorded(self, seconds: int) -> None:
        """Blocks until so much audio is kept here, or safely stored already."""
        self.wait(lambda: self.seconds("safe") + self.seconds("waits") >= seconds)

    def reload(self) -> None:
        """Reload the page while it records: it asks first, and the recording goes on by itself."""
        with self.page.expect_event("dialog") as asked:
            self.page.once("dialog", lambda dialog: dialog.accept())
            self.page.reload()
        assert asked.value.type == "beforeunload"
        self.page.locator(".clock").wait_for()

    def until_safe(self, seconds: int) -> int:
        """Blocks until so much is safely stored; how much it is."""
        self.wait(lambda: self.seconds("safe") >= seconds, patience_s=seconds + 60)
        return self.seconds("safe")

    def wait(self, is_so: Callable[[], bool], patience_s: float = 60) -> None:
        """Polls from outside: the page's policy forbids text as code."""
        for _ in range(int(patience_s * 4)):
            if is_so():
                return
            self.page.wait_for_timeout(250)
        raise TimeoutError(self.page.locator("main").inner_text())

    def button(self, name: str) -> None:
        """Tap it."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def says(self, text: str) -> None:
        """Until the page says it."""
        self.page.get_by_text(text).first.wait_for()


@dataclass(frozen=True)
class Lab:
    """Browsers of one person before the real stack. Each has a name, and keeps what it holds."""

    playwright: Playwright
    stack: RunningStack
    folder: Path
    shared: Browser | None = None
    """The browser of all private windows, with a microphone."""

    @property
    def _heard(self) -> Path:
        return self.folder / "heard.wav"

    def hears(self, samples: Samples) -> None:
        """Microphones that are opened from now on hear this, again and again."""
        write_wav(self._heard, samples)

    @contextmanager
    def browser(self, sent: Sent, *permissions: str, name: str = "browser") -> Iterator[Recorder]:
        """A browser with a microphone. Its chunks are added to `sent`."""
        context = self.playwright.chromium.launch_persistent_context(
            self.folder / name,
            executable_path=shutil.which("chromium"),
            args=hearing(self._heard),
            permissions=list(permissions),
            **AS_A_PHONE,
        )
        try:
            yield Recorder(context, self.stack.settings.url("front"), sent)
        finally:
            context.close()

    @contextmanager
    def window(self, sent: Sent, *permissions: str) -> Iterator[Recorder]:
        """A private window. It is a phone of its own, and keeps what it holds in memory."""
        assert self.shared
        with self.shared.new_context(permissions=list(permissions), **AS_A_PHONE) as context:
            context.new_page()
            yield Recorder(context, self.stack.settings.url("front"), sent)

    def kill_browser(self, phone: Recorder) -> None:
        """Kill -9 for all of it. Blocks until the driver has seen that it is gone."""
        with phone.context.expect_event("close"):
            os.kill(self.process(), SIGKILL)

    def kill_tabs(self, phone: Recorder) -> None:
        """Kill -9 for every tab; a new one is open then, and the recording goes on in it."""
        with phone.page.expect_event("crash"):
            for tab in tabs_of(self.process()):
                os.kill(tab, SIGKILL)
        phone.page = phone.context.new_page()
        phone.page.wait_for_timeout(1000)  # the service worker died too, and is started again
        phone.open()
        phone.page.locator(".clock").wait_for()

    def process(self) -> int:
        """The process of the browser that was opened without a name; its tabs are below it."""
        wanted = f"--user-data-dir={self.folder / 'browser'}"
        return next(pid for pid, line in _lines() if wanted in line and "--type=" not in line)


def hearing(heard: Path) -> list[str]:
    """The flags of a browser whose microphone hears this file, or the known signal without it."""
    if not heard.exists():
        write_wav(heard, signal(SIGNAL_S))
    return [*FLAGS, f"--use-file-for-fake-audio-capture={heard}"]


def stretches(settings: Settings, sent: Sent) -> tuple[int, list[Seams]]:
    """How many ms of audio the stages hear, and the seams of each stretch without a gap."""
    heard, missing = heard_of(settings, sent)
    signal_twice = np.concatenate([signal(SIGNAL_S), signal(SIGNAL_S)])
    spans = spans_with_audio(heard, missing)
    found = [
        seams(signal_twice, _span(heard, start, end))
        for start, end in spans
        if end - start >= SHORTEST_MS
    ]
    return sum(end - start for start, end in spans), found


def spans_with_audio(heard: Samples, missing: Ranges) -> list[tuple[int, int]]:
    """All spans in ms between the gaps."""
    borders = [0, *(ms for gap in missing for ms in gap), len(heard) // SAMPLES_PER_MS]
    return list(zip(borders[::2], borders[1::2], strict=True))


def _span(heard: Samples, start_ms: int, end_ms: int) -> Samples:
    return heard[start_ms * SAMPLES_PER_MS : end_ms * SAMPLES_PER_MS]


def tabs_of(browser: int) -> list[int]:
    """The processes of its pages."""
    return [pid for pid, line in _lines() if "--type=renderer" in line and browser in _above(pid)]


def _lines() -> Iterator[tuple[int, str]]:
    """Every process of this machine with its command line; one that ends meanwhile has none."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (process / "cmdline").read_text(errors="replace")
            yield int(process.name), words.replace("\0", " ")


def _above(pid: int) -> Iterator[int]:
    while parent := parent_of(pid):
        yield parent
        pid = parent
