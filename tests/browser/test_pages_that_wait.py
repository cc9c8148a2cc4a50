"""Nobody waits for ever before a page: what does not come is told, and can be tried again."""

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.pages_alone import ADDRESS, ME, SIGNED_IN, Network, page_alone

TOLD = "This page has not come whole."


def nothing(route: Route) -> None:
    route.abort()


def problem(route: Route) -> None:
    route.fulfill(status=503, json={"detail": "away"})


def elsewhere(route: Route) -> None:
    route.fulfill(status=200, body="<html>Pay first</html>", content_type="text/html")


@pytest.mark.parametrize("answer", [nothing, problem, elsewhere])
@pytest.mark.parametrize("path", ["/", "/record", "/wrapped"])
def test_a_page_without_its_texts_says_so_and_can_be_tried_again(
    alone: Page, network: Network, path: str, answer: object
) -> None:
    """Before, it was blank."""
    network.answers["/auth/renew"] = {"good_for_s": 600}
    alone.route("**/texts.en.json", answer)  # type: ignore[arg-type]
    alone.goto(ADDRESS + path)
    at_once = alone.locator("#late.now")  # without that it comes after ten seconds
    expect(at_once.get_by_text(TOLD)).to_be_visible()
    alone.unroute_all()
    alone.get_by_role("link", name="Try again").click()
    expect(alone.locator("main:not([aria-busy])")).to_be_attached()
    expect(alone.get_by_text(TOLD)).to_have_count(0)


def test_a_page_without_its_modules_says_so_after_a_while(alone: Page) -> None:
    """Before, it was blank for ever. No script is needed for that: there is none."""
    alone.route("**/dom.js", nothing)
    alone.goto(f"{ADDRESS}/record")
    late = alone.get_by_text(TOLD)
    expect(late).to_be_hidden()
    alone.evaluate("() => document.getAnimations().forEach((one) => one.finish())")
    expect(late).to_be_visible()


BLOCKED = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("The operation is insecure.", "SecurityError"); },
});"""


def test_a_browser_that_keeps_nothing_shows_the_first_page(alone: Page, network: Network) -> None:
    """Before, every page was blank where cookies are blocked."""
    alone.route("**/auth/renew", lambda route: route.fulfill(status=204))
    alone.add_init_script(BLOCKED)
    alone.goto(f"{ADDRESS}/")
    alone.get_by_role("link", name="Sign in").first.wait_for()


NO_DATABASE = """IDBFactory.prototype.open = () => {
  throw new DOMException("The operation is insecure.", "SecurityError");
};"""


def test_a_window_that_keeps_no_recording_says_so_before_there_is_one(alone: Page) -> None:
    alone.evaluate(SIGNED_IN)
    alone.add_init_script(NO_DATABASE)
    alone.goto(f"{ADDRESS}/record")
    alone.get_by_text("Open this page in an ordinary window").wait_for()


ASKED_AGAIN = """async () => {
  const { open } = IDBFactory.prototype;
  IDBFactory.prototype.open = () => { throw new DOMException("", "UnknownError"); };
  const store = await import("/record/store.js");
  await store.noted("me").catch(() => {});
  IDBFactory.prototype.open = open;
  return store.noted("me").then(() => "opened", () => "refused for ever");
}"""


def test_a_database_that_was_refused_once_is_asked_for_again(alone: Page) -> None:
    assert alone.evaluate(ASKED_AGAIN) == "opened"


SILENT = """async () => {
  const { timeout } = AbortSignal;
  AbortSignal.timeout = () => timeout.call(AbortSignal, 200);
  const { read, write } = await import("/site/session.js");
  const late = new Promise((done) => setTimeout(() => done("for ever"), 20_000));
  const told = (work) => work.then(() => "answered", ({ status }) => status);
  return Promise.race([late, Promise.all([
    told(read("/v1/users/me")), told(write("POST", "/v1/groups", {})),
  ])]);
}"""


def test_nobody_waits_for_a_network_that_says_nothing(chromium: Browser) -> None:
    """Before, a button was busy, and a page empty, until the browser gave up: minutes."""
    with page_alone(chromium, lambda route: None) as page:
        assert page.evaluate(SILENT) == [0, 0]


BROKEN_OFF = """async (given) => {
  const { read, picture, write } = await import("/site/session.js");
  const told = (work) => work.then(() => "answered", ({ status }) => status);
  return [await told(read("/v1/a")), await told(write("POST", "/v1/b", {}))];
}"""


def test_an_answer_that_is_no_answer_is_told_as_no_connection(chromium: Browser) -> None:
    """Before, people read a browser's own words about a token at a position."""
    with page_alone(chromium, elsewhere) as page:
        assert page.evaluate(BROKEN_OFF) == [0, 0]


STILL = """async () => {
  document.body.innerHTML = '<main id="main"></main>';
  const { untilReady } = await import("/wrapped/waiting.js");
  const texts = await (await fetch("/wrapped/texts.en.json")).json();
  const told = (state) =>
    ({ state, generation: 1, progress: { windows: 9, counted: 1 }, provisional: null });
  const states = ["processing", "completed"];
  const { setTimeout } = window;
  const late = new Promise((done) => setTimeout(() => done("for ever"), 20_000));
  window.setTimeout = (work, ms) => setTimeout(work, Math.min(ms, 50));
  const api = {
    read: async () => told(states.shift()),
    ask: async () => new Response(new ReadableStream({})),
  };
  return Promise.race([late, untilReady(api, "/v1/sessions/x", texts)]);
}"""


def test_a_stream_that_has_become_silent_is_opened_again(alone: Page) -> None:
    """Out of a tunnel. Before, a talk was counted, and its page did not know."""
    assert alone.evaluate(STILL) is True


TUNNEL = """async (me) => {
  localStorage.setItem("lah-who", "mei");
  const { note } = await import("/record/store.js");
  await note("me", me);
}"""


def test_the_recorder_opens_soon_in_a_network_that_says_nothing(chromium: Browser) -> None:
    """In a tunnel. Before, it waited for an answer until the browser gave up, after minutes."""
    with page_alone(chromium, lambda route: None) as page:
        page.evaluate(TUNNEL, ME)
        page.evaluate(SIGNED_IN)
        page.goto(f"{ADDRESS}/record")
        page.get_by_role("button", name="Everyone agrees: record").wait_for()


CHANGED_MIND = """async () => {
  document.body.innerHTML = '<main id="main"></main>';
  const texts = (await (await fetch("/wrapped/texts.en.json")).json()).group.invite;
  navigator.share = async () => { throw new DOMException("Share canceled", "AbortError"); };
  const { inviting } = await import("/wrapped/inviting.js");
  const api = { write: async () => ({ invite_code: "x" }), picture: async () => new Blob() };
  document.getElementById("main").append(...inviting(api, "g", texts).body);
  document.getElementById("invite").click();
  const buttons = () => [...document.querySelectorAll("button.me")];
  while (buttons().length < 2) await new Promise((done) => setTimeout(done, 20));
  buttons()[1].click();
  await new Promise((done) => setTimeout(done, 100));
  return document.querySelector("[role=status]").textContent;
}"""


def test_who_closes_the_sheet_of_an_invite_reads_of_no_failure(alone: Page) -> None:
    assert alone.evaluate(CHANGED_MIND) == ""
