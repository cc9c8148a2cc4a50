"""Pages on odd phones: taps that come twice, people who left, a full disk, a lost database."""

import pytest
from playwright.sync_api import Page

from tests.browser.pages_alone import ADDRESS, ME, SIGNED_IN, Network

NOTED = """async (me) => {
  const { note } = await import("/record/store.js");
  await note("me", me);
}"""
LOCAL = """async (wanted) => {
  const { localPath } = await import("/site/session.js");
  return localPath(wanted);
}"""
TALKS = """async () => {
  const { talks } = await import("/record/store.js");
  return (await talks("mei")).length;
}"""


@pytest.mark.parametrize(
    "wanted", ["/.//elsewhere.example", f"{ADDRESS}//elsewhere.example", "/%2e//elsewhere.example"]
)
def test_a_link_leads_nobody_elsewhere_after_signing_in(files: Page, wanted: str) -> None:
    assert not files.evaluate(LOCAL, wanted).startswith("//")


def test_a_tap_that_comes_twice_begins_one_talk(alone: Page) -> None:
    alone.evaluate(SIGNED_IN)
    alone.context.grant_permissions(["microphone"])
    alone.goto(f"{ADDRESS}/record")
    start = alone.get_by_role("button", name="Everyone agrees: record")
    start.dblclick()
    alone.get_by_role("button", name="Stop").wait_for()
    assert alone.evaluate(TALKS) == 1


ZONE = """async () => {
  const { talks } = await import("/record/store.js");
  return (await talks("mei"))[0].timeZone;
}"""


def test_a_talk_belongs_to_the_days_of_the_zone_that_its_owner_chose(
    alone: Page, network: Network
) -> None:
    network.answers["/v1/users/me"] = ME | {"time_zone": "Pacific/Auckland"}
    alone.evaluate(SIGNED_IN)
    alone.context.grant_permissions(["microphone"])
    alone.goto(f"{ADDRESS}/record")
    alone.get_by_role("button", name="Everyone agrees: record").click()
    alone.get_by_role("button", name="Stop").wait_for()
    assert alone.evaluate(ZONE) == "Pacific/Auckland"


def test_the_zone_of_the_phone_may_be_chosen(alone: Page, network: Network) -> None:
    told = ME | {"keep_transcript_days": 30, "time_zone": "Pacific/Auckland"}
    network.answers["/v1/users/me"] = told
    alone.evaluate(SIGNED_IN)
    alone.goto(f"{ADDRESS}/settings")
    alone.get_by_label("Time zone").select_option("The phone’s own")
    with alone.expect_request(lambda request: request.method == "PATCH") as asked:
        alone.get_by_role("button", name="Save").click()
    chosen = asked.value.post_data_json or {}
    assert chosen["time_zone"] == ""


DAYS = """async () => {
  const { day } = await import("/wrapped/dom.js");
  const moment = "2026-11-24T12:00:00Z";
  return [day(moment, "America/A_New_Town"), day(moment)];
}"""


def test_a_zone_that_an_old_browser_does_not_know_spoils_no_page(files: Page) -> None:
    told, here = files.evaluate(DAYS)
    assert told == here


def test_somebody_whose_talk_is_not_taken_is_told_what_to_do(alone: Page) -> None:
    # The write side of this network knows no talk at all.
    alone.evaluate(SIGNED_IN)
    alone.context.grant_permissions(["microphone"])
    alone.goto(f"{ADDRESS}/record")
    alone.get_by_role("button", name="Everyone agrees: record").click()
    alone.get_by_text("Lahstats does not take this talk: no such talk").wait_for()
    alone.get_by_role("button", name="Stop").click()
    alone.get_by_text("Open this page again later").wait_for()
    alone.get_by_text("the talk stays on this phone").wait_for()
    assert alone.get_by_role("link", name="See it counted").is_hidden()


@pytest.mark.parametrize("who", [None, "beng"])
def test_nobody_records_without_a_network_for_somebody_who_signed_out(
    alone: Page, network: Network, who: str | None
) -> None:
    alone.evaluate(NOTED, ME)
    if who:
        alone.evaluate("(who) => localStorage.setItem('lah-who', who)", who)
    network.is_there = False
    alone.goto(f"{ADDRESS}/record")
    alone.wait_for_selector("main:not([aria-busy])")
    assert alone.locator("form").count() == 0


FULL = """
IDBObjectStore.prototype.put = () => { throw new DOMException("", "QuotaExceededError"); };
"""


def test_a_full_phone_says_so_before_a_recording(alone: Page) -> None:
    alone.evaluate(SIGNED_IN)
    alone.context.grant_permissions(["microphone"])
    alone.add_init_script(FULL)
    alone.goto(f"{ADDRESS}/record")
    alone.get_by_role("button", name="Everyone agrees: record").click()
    alone.get_by_text("Make room, then try again").wait_for()


LOST_DATABASE = """async () => {
  const store = await import("/record/store.js");
  await store.note("before", 1);
  const { transaction } = IDBDatabase.prototype;
  const lost = new Set();
  IDBDatabase.prototype.transaction = function (...given) {
    if (!lost.size) lost.add(this);
    if (!lost.has(this)) return transaction.apply(this, given);
    throw new DOMException("The database connection is closing.", "InvalidStateError");
  };
  await store.note("after", 2);
  return store.noted("after");
}"""


def test_a_database_that_the_system_closed_is_opened_again(alone: Page) -> None:
    assert alone.evaluate(LOST_DATABASE) == 2


SPOKEN = """async (wanted) => {
  const regions = document.querySelectorAll("[role=status], [role=alert]");
  let changes = 0;
  const watched = new MutationObserver((found) => { changes += found.length; });
  for (const one of regions) {
    watched.observe(one, { childList: true, characterData: true, subtree: true });
  }
  await new Promise((done) => setTimeout(done, wanted));
  return changes;
}"""


def test_what_is_read_aloud_is_read_once(alone: Page, network: Network) -> None:
    """Before, a screen reader began the same sentence anew each half second."""
    alone.evaluate(SIGNED_IN)
    alone.context.grant_permissions(["microphone"])
    alone.goto(f"{ADDRESS}/record")
    alone.get_by_role("button", name="Everyone agrees: record").click()
    network.is_there = False
    alone.get_by_text("No connection").wait_for()
    assert alone.evaluate(SPOKEN, 1500) == 0
    alone.get_by_role("button", name="Stop").click()
    alone.get_by_text("Keep this page open").wait_for()
    alone.get_by_text("still being sent").wait_for()
    assert alone.evaluate(SPOKEN, 1500) == 0


COUNTED = """async () => {
  document.body.innerHTML = '<main id="main"></main>';
  const { untilReady } = await import("/wrapped/waiting.js");
  const texts = await (await fetch("/wrapped/texts.en.json")).json();
  const told = (counted, state = "processing") =>
    ({ state, generation: 1, progress: { windows: 9, counted }, provisional: null });
  const event = (session) => `event: session\\ndata: ${JSON.stringify(session)}\\n\\n`;
  let changes = 0;
  const heard = new MutationObserver((found) => { changes += found.length; });
  const body = new ReadableStream({ async start(stream) {
    for (const session of [told(1), told(2), told(3), told(9, "completed")]) {
      await new Promise((done) => setTimeout(done, 50));
      heard.observe(document.getElementById("said"), { childList: true });
      window.slide ??= document.querySelector("section");
      stream.enqueue(new TextEncoder().encode(event(session)));
    }
  } });
  const api = { read: async () => told(0), ask: async () => new Response(body) };
  await untilReady(api, "/v1/sessions/x", texts);
  return [changes, window.slide.isConnected, document.querySelector("progress").value];
}"""


def test_a_talk_that_is_counted_is_told_where_it_is(alone: Page) -> None:
    assert alone.evaluate(COUNTED) == [0, True, 3]
