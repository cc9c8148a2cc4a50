"""A long evening with the recorder: second tabs, clocks that are set, keys, little room."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages_alone import ADDRESS, SIGNED_IN

RECORD = "Everyone agrees: record"
TALKS = """async () => {
  const { talks } = await import("/record/store.js");
  return (await talks("mei")).length;
}"""


@pytest.fixture
def asked(alone: Page) -> Page:
    """The recorder's page before a recording."""
    alone.context.grant_permissions(["microphone"])
    alone.evaluate(SIGNED_IN)
    alone.goto(f"{ADDRESS}/record")
    alone.get_by_role("button", name=RECORD).wait_for()
    return alone


def test_a_second_tab_that_was_open_already_begins_no_talk_of_its_own(asked: Page) -> None:
    """Before, that tab recorded by itself as soon as the first one stopped: nobody had asked."""
    second = asked.context.new_page()
    second.goto(f"{ADDRESS}/record")
    second.get_by_role("button", name=RECORD).wait_for()
    asked.get_by_role("button", name=RECORD).click()
    asked.get_by_role("button", name="Stop").wait_for()
    second.get_by_role("button", name=RECORD).click()
    second.get_by_text("Another tab of this browser records this talk").wait_for()
    assert asked.evaluate(TALKS) == 1
    asked.get_by_role("button", name="Stop").click()
    second.get_by_role("button", name=RECORD).wait_for()
    assert second.locator(".clock").count() == 0


def test_a_microphone_that_is_refused_leaves_the_right_to_record_to_others(asked: Page) -> None:
    refuse = "async () => { throw new DOMException('no', 'NotAllowedError'); }"
    asked.evaluate(f"() => {{ navigator.mediaDevices.getUserMedia = {refuse}; }}")
    asked.get_by_role("button", name=RECORD).click()
    asked.get_by_text("This page may not use the microphone").wait_for()
    second = asked.context.new_page()
    second.goto(f"{ADDRESS}/record")
    second.get_by_role("button", name=RECORD).click()
    second.get_by_role("button", name="Stop").wait_for()


def test_who_works_with_keys_stays_where_they_were(asked: Page) -> None:
    """Before, each button that was pressed threw them to the top of the page, and said nothing."""
    asked.get_by_role("button", name=RECORD).press("Enter")
    stop = asked.get_by_role("button", name="Stop")
    stop.wait_for()
    expect(asked.locator("h1")).to_be_focused()
    asked.get_by_role("button", name="Pause").press("Enter")
    expect(asked.get_by_role("button", name="Go on")).to_be_focused()
    stop.press("Enter")
    asked.get_by_role("heading", name="Recorded", exact=True).wait_for()
    expect(asked.locator("h1")).to_be_focused()


HOUR = 3_600_000
PLACES = """async (given) => {
  const { goesOn, resumedAtMs } = await import("/record/timeline.js");
  const kept = { state: "recording", chunks: 6, gaps: [], ...given };
  return [resumedAtMs(kept, given.now), goesOn(kept, given.now)];
}"""
BEGAN = 1_800_000_000_000


@pytest.mark.parametrize(
    ("put", "after", "expected"),
    [
        (0, 5_000, [65_000, True]),
        (13 * HOUR, 5_000, [65_000, True]),
        (-2 * HOUR, 5_000, [65_000, True]),
        (0, -2 * HOUR, [60_000, False]),
        (0, 20 * 60_000, [60_000 + 20 * 60_000, False]),
    ],
)
def test_a_clock_that_was_set_makes_no_gap_when_the_page_is_opened_again(
    files: Page, put: int, after: int, expected: list[object]
) -> None:
    """`put`: how much the clock was set by while the page recorded its first minute.

    Before, a clock that was put forward ended the recording, or made hours of it missing.
    """
    alive = BEGAN + 60_000 + put
    given = {"recordedAt": BEGAN, "endMs": 60_000, "aliveAt": alive, "now": alive + after}
    assert files.evaluate(PLACES, given) == expected


def test_a_page_that_closes_before_it_hears_anything_again_has_its_gap_behind_it(
    files: Page,
) -> None:
    """Before, a talk that was resumed after five minutes went on in the middle of them."""
    gap = {"kind": "paused", "startMs": 60_000, "endMs": 360_000}
    alive = BEGAN + 360_000
    given = {"recordedAt": BEGAN, "endMs": 60_000, "gaps": [gap], "aliveAt": alive}
    assert files.evaluate(PLACES, {**given, "now": alive + 5_000}) == [365_000, True]


TAKEN_UP = """async () => {
  const talks = await import("/record/talks.js");
  const store = await import("/record/store.js");
  const talk = await talks.begin({ owner: "mei", groupId: null, hint: null, consent: "1" });
  const cut = { startMs: 0, durationMs: 500, type: "audio/ogg", content: new Uint8Array(8) };
  await store.keep(talk.id, [], cut);
  const { aliveAt } = await store.talk(talk.id);
  const { now } = Date;
  Date.now = () => now() + 60_000;
  await talks.takeUp(talk.id);
  const found = await store.talk(talk.id);
  return [found.chunks, found.aliveAt - aliveAt];
}"""


def test_a_talk_that_is_taken_up_has_not_lived_meanwhile(modules: Page) -> None:
    assert modules.evaluate(TAKEN_UP) == [1, 0]


ASKED_TO_KEEP = """() => {
  navigator.storage.persist = async () => {
    window.isAsked = true;
    return true;
  };
}"""


def test_a_phone_with_little_room_is_asked_to_keep_what_waits(asked: Page) -> None:
    """Browsers throw away what pages hold, oldest first, when there is little room."""
    asked.evaluate(ASKED_TO_KEEP)
    asked.get_by_role("button", name=RECORD).click()
    asked.get_by_role("button", name="Stop").wait_for()
    assert asked.evaluate("window.isAsked") is True


FULL = """async () => {
  const { begin, end } = await import("/record/talks.js");
  const store = await import("/record/store.js");
  const talk = await begin({ owner: "mei", groupId: null, hint: null, consent: "1" });
  const cut = (durationMs) =>
    ({ startMs: 0, durationMs, type: "audio/ogg", content: new Uint8Array(8) });
  await store.keep(talk.id, [], cut(5000));
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = () => { throw new DOMException("", "QuotaExceededError"); };
  await store.keep(talk.id, [cut(10_000)], null);
  await end(talk.id);
  const whileFull = await store.count(talk.id);
  IDBObjectStore.prototype.put = put;
  await store.change(talk.id, () => ({}));
  await store.keepRest(talk.id);
  return [whileFull, await store.count(talk.id)];
}"""


def test_on_a_full_disk_nothing_is_kept_twice(modules: Page) -> None:
    """Before, a talk that ended then had up to ten seconds twice, in a file that overlapped."""
    assert modules.evaluate(FULL) == [1, 1]


FULL_AT_THE_END = """() => {
  IDBObjectStore.prototype.put = () => { throw new DOMException("", "QuotaExceededError"); };
}"""


def test_who_leaves_audio_that_only_memory_has_is_asked(asked: Page) -> None:
    """The write side of this network takes no talk, so nothing of it is elsewhere."""
    asked.get_by_role("button", name=RECORD).click()
    asked.get_by_text("does not take this talk").wait_for()
    asked.evaluate(FULL_AT_THE_END)
    asked.get_by_role("button", name="Stop").click()
    asked.get_by_role("heading", name="Recorded").wait_for()
    asked.wait_for_timeout(1200)
    with asked.expect_event("dialog") as met:
        asked.once("dialog", lambda dialog: dialog.accept())
        asked.reload()
    assert met.value.type == "beforeunload"


LEVEL = """async () => {
  let woken = 0;
  window.AudioContext = class {
    createMediaStreamSource() { return { connect() {} }; }
    async resume() { woken += 1; }
    async close() {}
  };
  window.AnalyserNode = class { fftSize = 32; getFloatTimeDomainData() {} };
  const { showLevel } = await import("/record/level.js");
  const end = showLevel(null, () => {});
  document.dispatchEvent(new Event("pointerdown"));
  end();
  document.dispatchEvent(new Event("pointerdown"));
  return woken;
}"""


def test_a_tap_wakes_the_level_of_a_recording_that_went_on_by_itself(modules: Page) -> None:
    """Before, it lay still after a reload, as if nothing were heard."""
    assert modules.evaluate(LEVEL) == 1


def test_a_finger_that_pulls_the_page_down_does_not_load_it_again(asked: Page) -> None:
    style = "() => getComputedStyle(document.documentElement).overscrollBehaviorY"
    assert asked.evaluate(style) == "contain"


SLEEPY = """() => {
  Object.defineProperty(navigator, "wakeLock", {
    value: { request: async () => { throw new DOMException("low battery", "NotAllowedError"); } },
  });
}"""


def test_a_phone_whose_screen_goes_off_is_told_of_before_it_hears_nothing(asked: Page) -> None:
    asked.evaluate(SLEEPY)
    asked.get_by_role("button", name=RECORD).click()
    asked.get_by_text("This phone may turn its screen off by itself").wait_for()
