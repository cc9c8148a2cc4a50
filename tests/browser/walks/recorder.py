"""The recorder: before, while and after, and what goes wrong."""

import re
from collections.abc import Iterator

from playwright.sync_api import Page

from tests.browser.evenings import HOST, Evenings
from tests.browser.visits import State, Visit, Walk

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
CHUNKS = "**/v1/sessions/*/chunks/*"
STARTS = re.compile(r"/v1/sessions/[0-9a-f-]{36}$")


def denied(visit: Visit) -> Iterator[State]:
    page = visit.visitor(HOST, permissions=[])
    visit.open("/record")
    yield State("recorder", "Before a recording: the words that everybody hears, and who is there")
    page.add_init_script("")
    page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = async () => {"
        " throw new DOMException('no', 'NotAllowedError'); }; }"
    )
    visit.tap("Everyone agrees: record")
    visit.says("may not use the microphone")
    yield State("recorder-denied", "The microphone is not allowed")


def recording(visit: Visit) -> Iterator[State]:
    page = _started(visit)
    talk = _talk_of(page)
    visit.says("Recording")
    _until_safe(page)
    Evenings(visit.site).while_recorded(talk)
    visit.says("Heard so far")
    yield State("recorder-recording", "While it records: level, what is safe, words by voice")
    visit.tap("Pause")
    visit.says("Paused")
    page.wait_for_timeout(1200)
    yield State("recorder-paused", "Paused: nothing is recorded")
    visit.tap("Go on")
    visit.says("Not recorded")
    page.context.set_offline(True)
    page.wait_for_timeout(500)
    visit.says("No connection")
    yield State("recorder-offline", "Without a network: everything is kept, and sent later")
    visit.tap("Stop")
    visit.says("Keep this page open")
    yield State("recorder-sending", "Stopped, and still sending")
    page.context.set_offline(False)
    page.locator("#sent[data-done]").wait_for(timeout=60_000)
    yield State("recorder-sent", "Everything is safely stored")


def refused(visit: Visit) -> Iterator[State]:
    page = visit.visitor(HOST, permissions=["microphone"])
    problem = {"type": "unauthorised", "title": "Who is calling?", "detail": "Sign in again."}
    page.route(STARTS, lambda route: route.fulfill(status=401, json=problem))
    page.route("**/auth/renew", lambda route: route.fulfill(status=204))
    visit.open("/record")
    visit.tap("Everyone agrees: record")
    visit.says("You are signed out")
    yield State("recorder-signed-out", "Signed out while it records: it goes on")


def full(visit: Visit) -> Iterator[State]:
    page = visit.visitor(HOST, permissions=["microphone"])
    page.add_init_script(FULL_DISK)
    visit.open("/record")
    visit.tap("Everyone agrees: record")
    page.locator(".clock").wait_for()
    page.evaluate("() => { window.isFull = true; }")
    visit.says("storage is full")
    yield State("recorder-full", "The phone's storage is full: it goes on in memory")


def second_tab(visit: Visit) -> Iterator[State]:
    page = _started(visit)
    other = page.context.new_page()
    other.goto(f"{visit.site.url}/record")
    other.get_by_text("Another tab of this browser").wait_for()
    visit.looks_at(other)
    yield State("recorder-second-tab", "A second tab watches what the first one records")


def left(visit: Visit) -> Iterator[State]:
    page = _started(visit)
    page.route(CHUNKS, lambda route: route.abort())
    page.wait_for_timeout(3000)
    visit.tap("Stop")
    visit.says("Keep this page open")
    visit.open("/record")
    visit.says("Not sent yet")
    yield State(
        "recorder-left", "A talk that waits on this phone, and one that another phone records"
    )


def _started(visit: Visit) -> Page:
    page = visit.visitor(HOST, permissions=["microphone"])
    visit.open("/record")
    visit.tap("Everyone agrees: record")
    page.locator(".clock").wait_for()
    return page


def _talk_of(page: Page) -> str:
    """The id of the talk whose first chunk is sent."""
    with page.expect_request(re.compile(r"/v1/sessions/[0-9a-f-]{36}/chunks/\d+$")) as sent:
        pass
    return str(sent.value.url.split("/")[-3])


def _until_safe(page: Page) -> None:
    """Until something is safely stored. Polled from outside: text as code is forbidden."""
    while page.locator("#safe").inner_text() == "00:00":
        page.wait_for_timeout(200)


WALKS: tuple[Walk, ...] = (denied, recording, refused, full, second_tab, left)
