"""The recorder: before, while and after, and what goes wrong."""

import re
from collections.abc import Iterator

from deploy.benchmark.recorder import Sent
from tests.browser.evenings import HOST, Evenings
from tests.browser.recordings import FULL_DISK, Recorder
from tests.browser.visits import State, Visit, Walk

CHUNKS = "**/v1/sessions/*/chunks/*"
STARTS = re.compile(r"/v1/sessions/[0-9a-f-]{36}$")


def denied(visit: Visit) -> Iterator[State]:
    page = visit.visitor(HOST, permissions=[])
    visit.open("/record")
    yield State("recorder", "Before a recording: the words that everybody hears, and who is there")
    page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = async () => {"
        " throw new DOMException('no', 'NotAllowedError'); }; }"
    )
    visit.tap("Everyone agrees: record")
    visit.says("may not use the microphone")
    yield State("recorder-denied", "The microphone is not allowed")


def keeps_nothing(visit: Visit) -> Iterator[State]:
    page = visit.visitor(HOST, permissions=["microphone"])
    page.add_init_script(
        "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); };"
    )
    visit.open("/record")
    visit.says("Open this page in an ordinary window")
    yield State(
        "recorder-keeps-nothing", "A window that can keep no recording, before there is one"
    )


def recording(visit: Visit) -> Iterator[State]:
    phone = _started(visit)
    page = phone.page
    visit.says("Recording")
    phone.until_safe(1)
    Evenings(visit.site).while_recorded(phone.sent.session_id)
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
    phone.until_sent()
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


def not_taken(visit: Visit) -> Iterator[State]:
    page = visit.visitor(HOST, permissions=["microphone"])
    problem = {"type": "not-from-a-page", "detail": "Its group counts nothing any more."}
    page.route(STARTS, lambda route: route.fulfill(status=403, json=problem))
    visit.open("/record")
    visit.tap("Everyone agrees: record")
    visit.says("does not take this talk")
    visit.tap("Stop")
    visit.says("Open this page again later")
    yield State("recorder-not-taken", "A talk that is refused for good: it stays on the phone")


def full(visit: Visit) -> Iterator[State]:
    page = visit.visitor(HOST, permissions=["microphone"])
    page.add_init_script(FULL_DISK)
    _phone(visit).open().start()
    page.evaluate("() => { window.isFull = true; }")
    visit.says("storage is full")
    yield State("recorder-full", "The phone's storage is full: it goes on in memory")


def second_tab(visit: Visit) -> Iterator[State]:
    page = _started(visit).page
    other = page.context.new_page()
    other.goto(f"{visit.site.url}/record")
    other.get_by_text("Another tab of this browser").wait_for()
    visit.looks_at(other)
    yield State("recorder-second-tab", "A second tab watches what the first one records")


def left(visit: Visit) -> Iterator[State]:
    phone = _started(visit)
    phone.page.route(CHUNKS, lambda route: route.abort())
    phone.until_recorded(3)
    visit.tap("Stop")
    visit.says("Keep this page open")
    visit.open("/record")
    visit.says("Not sent yet")
    yield State(
        "recorder-left", "A talk that waits on this phone, and one that another phone records"
    )


def _started(visit: Visit) -> Recorder:
    visit.visitor(HOST, permissions=["microphone"])
    return _phone(visit).open().start()


def _phone(visit: Visit) -> Recorder:
    """The browser of the visitor, as that of somebody who records."""
    return Recorder(visit.page.context, visit.site.url, Sent())


WALKS: tuple[Walk, ...] = (
    denied,
    keeps_nothing,
    recording,
    refused,
    not_taken,
    full,
    second_tab,
    left,
)
