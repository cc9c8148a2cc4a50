"""Failures of the phone itself while it records or sends: its disk, its browser, its owner."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.pages_alone import WAITING, page_alone

WITHIN_MS = 10_000


TROUBLE = """async ([id, isBroken]) => {
  const { catchUp } = await import("/record/catching.js");
  const store = await import("/record/store.js");
  const { get } = IDBObjectStore.prototype;
  let fails = isBroken ? 1 : 0;
  // Between the receipt of a part and the note of it.
  let isSent = false;
  const { fetch } = window;
  window.fetch = async (...given) => {
    const answer = await fetch(...given);
    isSent ||= given[0].includes("/chunks/");
    return answer;
  };
  IDBObjectStore.prototype.get = function (...given) {
    if (!isSent || this.transaction.mode === "readonly" || fails-- <= 0) {
      return get.apply(this, given);
    }
    throw new DOMException("the disk failed", "UnknownError");
  };
  Math.random = () => 1;
  catchUp("mei");
  for (;;) {
    const { trouble, state } = await store.talk(id);
    if (trouble || state === "done") return trouble && [trouble.status, trouble.detail];
    await new Promise((done) => setTimeout(done, 20));
  }
}"""
FINISHED = """async (id) => {
  const store = await import("/record/store.js");
  for (;;) {
    if ((await store.talk(id)).state === "done") return store.count(id);
    await new Promise((done) => setTimeout(done, 20));
  }
}"""


def test_a_disk_that_fails_at_a_receipt_is_told_as_that(sender: Page) -> None:
    """Before, the page said that there was no connection."""
    talk = sender.evaluate(WAITING, 1)
    assert sender.evaluate(TROUBLE, [talk, True]) == [-1, "the disk failed"]
    assert sender.evaluate(FINISHED, talk) == 0, "it was tried again by itself"


def elsewhere(route: Route) -> None:
    """As a network of a hotel, until one has paid."""
    route.fulfill(status=200, body="<html>Pay first</html>", content_type="text/html")


def test_a_page_of_somebody_on_the_way_is_no_receipt(chromium: Browser) -> None:
    """Before, nothing said why nothing was sent."""
    with page_alone(chromium, elsewhere) as page:
        talk = page.evaluate(WAITING, 1)
        assert page.evaluate(TROUBLE, [talk, False]) == [0, "offline"]
        left = page.evaluate("async (id) => (await import('/record/store.js')).count(id)", talk)
        assert left == 1


IN_MEMORY_ALONE = """async (id) => {
  const store = await import("/record/store.js");
  const { put } = IDBObjectStore.prototype;
  const { transaction } = IDBDatabase.prototype;
  IDBObjectStore.prototype.put = () => { throw new DOMException("", "QuotaExceededError"); };
  const content = new Uint8Array(8);
  await store.keep(id, [{ startMs: 0, durationMs: 10, type: "audio/ogg", content }], null);
  const chunk = await store.nextWaiting(id);
  IDBDatabase.prototype.transaction = () => { throw new DOMException("", "UnknownError"); };
  const isBroken = await store.renumber(chunk).then(() => false, () => true);
  IDBObjectStore.prototype.put = put;
  IDBDatabase.prototype.transaction = transaction;
  return [isBroken, (await store.nextWaiting(id)) !== undefined];
}"""


def test_a_part_that_only_memory_has_stays_when_the_disk_fails(sender: Page) -> None:
    """Before, a part whose number was taken was lost when the disk could not be read just then."""
    assert sender.evaluate(IN_MEMORY_ALONE, sender.evaluate(WAITING, 0)) == [True, True]


UNREAD = """async () => {
  const { running } = recording;
  const data = new Blob(["x"]);
  data.arrayBuffer = () => Promise.reject(new DOMException("", "NotReadableError"));
  running.recorder.dispatchEvent(new BlobEvent("dataavailable", { data }));
  const { now } = performance;
  performance.now = () => now.call(performance) + 7000;
  await recording.look();
  return [recording.running !== null && recording.running !== running, live()];
}"""


def test_a_recording_goes_on_after_a_part_that_the_browser_lost(recording: Page) -> None:
    """On a full disk a browser cannot read what it recorded. Before, nothing more was kept."""
    assert recording.evaluate(UNREAD) == [True, 1]


def within(work: str) -> str:
    """Whether something ends in time."""
    return f"""async () => {{
  const {{ setTimeout }} = window;
  const late = new Promise((done) => setTimeout(() => done("late"), {WITHIN_MS}));
  const quickly = (work, ms) => setTimeout(work, Math.min(ms, 100));
  return Promise.race([late, ({work})(quickly).then(() => "ended")]);
}}"""


NEVER_CLOSED = """async (quickly) => {
  window.setTimeout = quickly;
  recording.running.stop = () => new Promise(() => {});
  await recording.stop();
}"""
NEVER_ALLOWED = """async () => {
  navigator.mediaDevices.getUserMedia = () => new Promise(() => {});
  // The phone slept for ten seconds.
  const part = { cuts: [], rest: null, heardMs: 0 };
  recording.told(part, 0, performance.now() - 10_000, recording.running);
  await recording.stop();
}"""
DISK_AWAY = """async (quickly) => {
  window.setTimeout = quickly;
  const { get } = IDBObjectStore.prototype;
  let fails = 6;
  IDBObjectStore.prototype.get = function (...given) {
    if (fails-- > 0) throw new DOMException("", "UnknownError");
    return get.apply(this, given);
  };
  const content = new Uint8Array(8);
  recording.cuts.push({ startMs: 0, durationMs: 10_000, type: "audio/ogg", content });
  await recording.stop();
}"""


@pytest.mark.parametrize("work", [NEVER_CLOSED, NEVER_ALLOWED, DISK_AWAY])
def test_stop_ends_whatever_the_phone_does(recording: Page, work: str) -> None:
    """Before, a question about the microphone that nobody answered kept "Stop" waiting for ever."""
    assert recording.evaluate(within(work)) == "ended"
    told: dict[str, Any] = recording.evaluate("() => store.talk(recording.id)")
    assert (told["state"], recording.evaluate("live()")) == ("stopped", 0)
    if work is DISK_AWAY:
        assert told["chunks"] == 1


SAMPLES_BEGIN = """async () => {
  const { capture } = await import("/record/capture.js");
  window.AudioContext = class {
    audioWorklet = { addModule: async () => {} };
    createMediaStreamSource() { return { connect() {} }; }
    resume() { return new Promise(() => {}); }
  };
  window.AudioWorkletNode = class { port = {}; };
  const microphone = await navigator.mediaDevices.getUserMedia();
  await capture(microphone, () => {}, false).start();
}"""


def test_samples_wait_for_no_tap(recording: Page) -> None:
    """After a reload nobody has tapped the page. Before, such a recording could not be stopped."""
    assert recording.evaluate(within(SAMPLES_BEGIN)) == "ended"
