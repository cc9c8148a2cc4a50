"""Ways on: signed out, offline, with links to take back, with names of any script."""

import pytest
from playwright.sync_api import Page

from tests.browser.pages_alone import ADDRESS, ME, WAITING, Network

SHARES = "/v1/users/me/shares"
HOME = {
    "/v1/users/me/stats": {"counts": 0},
    "/auth/renew": {"good_for_s": 600},
    SHARES: {"shares": []},
}


@pytest.fixture
def network() -> Network:
    network = Network()
    network.answers |= HOME
    return network


@pytest.fixture
def page(signed_in: Page) -> Page:
    return signed_in


@pytest.mark.parametrize("path", ["/", "/settings"])
def test_a_session_that_is_over_leads_to_sign_in_and_back(
    page: Page, network: Network, path: str
) -> None:
    network.refused.add("/v1/sessions")
    page.goto(ADDRESS + path)
    page.wait_for_url(f"**/sign-in?after={path.replace('/', '%2F')}", wait_until="commit")


def make_a_group(page: Page) -> None:
    page.get_by_text("Make a new group").click()
    page.get_by_label("Its name").fill("Friday makan")
    page.get_by_role("button", name="Make it").click()


def test_who_was_signed_out_is_told_so_in_words_for_people(page: Page, network: Network) -> None:
    page.goto(f"{ADDRESS}/")
    network.refused.add("/v1/groups")
    make_a_group(page)
    page.get_by_text("Sign in again in another tab").wait_for()


def test_who_is_offline_is_told_so_in_words_for_people(page: Page, network: Network) -> None:
    page.goto(f"{ADDRESS}/")
    page.get_by_text("Make a new group").wait_for()
    network.is_there = False
    make_a_group(page)
    page.get_by_text("Nobody answers. Are you online?").wait_for()


def test_a_link_of_long_ago_can_be_taken_back(page: Page, network: Network) -> None:
    """Before, only the page that had made it could, until it was loaded again."""
    share = {"share": "2c26", "from": "2026-01-01", "to": "2026-12-31", "show_name": True}
    network.answers[SHARES] = {"shares": [share | {"made_at": "2026-11-24T12:00:00Z"}]}
    network.answers[f"{SHARES}/2c26"] = {}
    network.answers["/v1/users/me"] = ME | {"keep_transcript_days": 30, "time_zone": ""}
    page.goto(f"{ADDRESS}/settings")
    page.get_by_text("2026, with your name").wait_for()
    page.get_by_role("button", name="Take back the link to 2026").click()
    with page.expect_request(f"**{SHARES}/2c26") as asked:
        page.get_by_role("button", name="Yes, take it back").click()
    assert asked.value.method == "DELETE"
    page.get_by_text("The link leads nowhere any more.").wait_for()


def test_nobody_believes_to_be_signed_out_who_is_not(page: Page, network: Network) -> None:
    page.goto(f"{ADDRESS}/")
    page.get_by_role("link", name="Sign out").wait_for()
    network.is_there = False
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("heading", name="No connection").wait_for()


REMEMBERED = """async () => {
  const { noted } = await import("/record/store.js");
  while (!(await noted("me"))) await new Promise((done) => setTimeout(done, 20));
}"""


def test_while_a_server_is_away_a_talk_can_be_recorded_all_the_same(page: Page) -> None:
    page.goto(f"{ADDRESS}/")
    page.evaluate(REMEMBERED)
    page.route("**/v1/**", lambda route: route.fulfill(status=503, json={"detail": "away"}))
    page.reload()
    page.get_by_role("heading", name="That did not work").wait_for()
    page.locator("main").get_by_role("link", name="Record a talk").click()
    page.get_by_role("button", name="Everyone agrees: record").wait_for()


SAMPLED = """async () => {
  const { sendSample } = await import("/site/sample.js");
  for (let n = 0; n < 2; n++) await sendSample("").catch(() => {});
}"""


def test_a_sample_that_is_tried_again_is_the_same_talk(page: Page) -> None:
    begun: list[str] = []
    page.on("request", lambda one: begun.append(one.url) if one.method == "PUT" else None)
    page.evaluate(SAMPLED)
    assert len(begun) > 1
    assert len(set(begun)) == 1


def test_what_becomes_of_a_talk_that_waits_is_told(page: Page) -> None:
    page.evaluate(WAITING, 1)
    page.goto(f"{ADDRESS}/record")
    page.get_by_text("Lahstats did not take this talk: no such talk").wait_for()


FILLED = """async (name) => {
  const { fill } = await import("/wrapped/dom.js");
  return fill("No: it is {name}, {n} {n|time|times}.", { name, n: "5" });
}"""


@pytest.mark.parametrize(
    ("name", "shown"), [("Mei", "Mei"), ("\u05e9\u05e8\u05d4", "\u2068\u05e9\u05e8\u05d4\u2069")]
)
def test_a_name_from_right_to_left_turns_no_figures_beside_it(
    files: Page, name: str, shown: str
) -> None:
    assert files.evaluate(FILLED, name) == f"No: it is {shown}, 5 times."


SEEN = """async (status) => {
  const { seen } = await import("/site/seen.js");
  const { Failure } = await import("/site/session.js");
  let looks = 0;
  const look = async () => {
    if (looks++ === 0) throw new Failure("away", status);
    return "there";
  };
  return seen(look, "pending").catch((problem) => problem.message);
}"""


@pytest.mark.parametrize(("status", "found"), [(0, "there"), (503, "there"), (404, "away")])
def test_a_change_that_took_effect_is_not_told_as_a_failure(
    files: Page, status: int, found: str
) -> None:
    """Before, one look at it that failed was."""
    assert files.evaluate(SEEN, status) == found


WAITED = """async () => {
  document.body.innerHTML = '<main id="main"></main>';
  const { untilReady } = await import("/wrapped/waiting.js");
  const { Failure } = await import("/site/session.js");
  const texts = await (await fetch("/wrapped/texts.en.json")).json();
  const told = (state) =>
    ({ state, generation: 1, progress: { windows: 9, counted: 1 }, provisional: null });
  const reads = ["processing", null, "completed"];
  const read = async () => {
    const state = reads.shift();
    if (state) return told(state);
    throw new Failure("offline", 0);
  };
  const ask = async () => { throw new Failure("offline", 0); };
  return untilReady({ read, ask }, "/v1/sessions/x", texts);
}"""


def test_a_talk_is_waited_for_through_a_network_that_goes_away(page: Page) -> None:
    assert page.evaluate(WAITED) is True


FOLLOWED = """async () => {
  const { follow } = await import("/record/live.js");
  const rests = [];
  window.setTimeout = (work, ms) => { rests.push(ms); if (rests.length < 7) work(); };
  window.EventSource = class {
    addEventListener(name, work) { if (name === "error") Promise.resolve().then(work); }
    close() {}
  };
  follow("x", () => {});
  for (let n = 0; n < 100; n++) await null;
  return rests;
}"""


def test_words_that_nobody_may_read_are_asked_for_more_and_more_seldom(page: Page) -> None:
    assert page.evaluate(FOLLOWED) == [3000, 6000, 12000, 24000, 48000, 60000, 60000]


PROVISIONAL = """async () => {
  const { Panel } = await import("/record/view.js");
  const texts = (await (await fetch("/site/texts.en.json")).json()).record;
  const panel = new Panel(texts, {});
  const words = JSON.parse('{"lah": 9, "sia": 4, "lor": 3, "leh": 2, "88": 1}');
  panel.tellWords({ provisional: { speakers: [{ speaker: "S1", words }] } });
  return panel.voices.textContent;
}"""


def test_a_word_that_is_a_number_is_not_the_first(page: Page, network: Network) -> None:
    """Before, a group's own "88" was what one said most: of an object's names it comes first."""
    words = {"lah": 4, "88": 1}
    network.answers["/v1/users/me/stats"] = {"counts": 5, "sessions": 1, "words": words}
    page.goto(f"{ADDRESS}/")
    page.get_by_text("Most of all: lah.").wait_for(timeout=20_000)
    assert "(lah 9, sia 4, lor 3, leh 2)" in page.evaluate(PROVISIONAL)
