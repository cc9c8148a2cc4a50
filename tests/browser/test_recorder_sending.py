"""The recorder's sender: each answer of the gateway, and an hour that waits."""

import math

import pytest
from playwright.sync_api import Browser, Page

from schemas.limits import BODY_RATE, BODY_S
from tests.browser.answering_gateway import Gateway
from tests.browser.pages_alone import WAITING, page_alone

SEND = """async (id) => {
  const { catchUp } = await import("/record/catching.js");
  const store = await import("/record/store.js");
  await catchUp("mei");
  return [await store.talk(id) ?? null, await store.count(id)];
}"""
ONE_HOUR = 360


def test_an_hour_that_waits_is_sent_by_any_page(sender: Page, gateway: Gateway) -> None:
    talk, left = sender.evaluate(SEND, sender.evaluate(WAITING, ONE_HOUR))
    assert gateway.numbers == list(range(ONE_HOUR))
    assert gateway.completed == ONE_HOUR
    assert (talk["state"], talk["safeMs"], left) == ("done", 3_600_000, 0)


@pytest.mark.parametrize(
    "refusal", [(503, "part-away"), (429, "too-many-requests"), (400, "digest-mismatch")]
)
def test_an_answer_that_passes_is_waited_for(
    sender: Page, gateway: Gateway, refusal: tuple[int, str]
) -> None:
    gateway.refusals = [refusal]
    talk, left = sender.evaluate(SEND, sender.evaluate(WAITING, 2))
    assert (gateway.numbers, talk["state"], left) == ([0, 1], "done", 0)


def test_an_old_token_is_renewed(sender: Page, gateway: Gateway) -> None:
    gateway.refusals = [(401, "unauthorised")]
    talk, _ = sender.evaluate(SEND, sender.evaluate(WAITING, 2))
    assert (gateway.starts, talk["state"]) == (2, "done")


OF_ANOTHER = """async (id) => {
  localStorage.setItem("lah-who", "beng");
  const { catchUp } = await import("/record/catching.js");
  const store = await import("/record/store.js");
  catchUp("mei");
  for (;;) {
    const { trouble, state } = await store.talk(id);
    if (trouble || state === "done") return trouble && trouble.status;
    await new Promise((done) => setTimeout(done, 20));
  }
}"""


def test_who_signed_in_since_does_not_begin_the_talk(sender: Page, gateway: Gateway) -> None:
    assert sender.evaluate(OF_ANOTHER, sender.evaluate(WAITING, 1)) == 401
    assert gateway.starts == 0


def test_a_number_that_other_bytes_have_is_given_up(sender: Page, gateway: Gateway) -> None:
    gateway.refusals = [(409, "chunk-conflict")]
    talk, left = sender.evaluate(SEND, sender.evaluate(WAITING, 2))
    assert gateway.numbers == [1, 2]
    assert (gateway.completed, talk["safeMs"], left) == (3, 20_000, 0)


def test_what_is_refused_for_good_stays_here_with_its_reason(
    sender: Page, gateway: Gateway
) -> None:
    gateway.refusals = [(422, "bad-number")]
    talk, left = sender.evaluate(SEND, sender.evaluate(WAITING, 2))
    assert (gateway.numbers, gateway.completed) == ([1], 2)
    assert (talk["state"], talk["refusal"], talk["safeMs"], left) == ("stopped", "no", 10_000, 1)


def test_of_a_talk_that_was_erased_nothing_stays(sender: Page, gateway: Gateway) -> None:
    gateway.refusals = [(410, "erased")]
    assert sender.evaluate(SEND, sender.evaluate(WAITING, 2)) == [None, 0]


AT_HOME = "Asia/Singapore"


def test_a_zone_that_the_write_side_does_not_know_gives_way_to_one_by_the_clock(
    chromium: Browser, gateway: Gateway
) -> None:
    gateway.at_start = [422]
    with page_alone(chromium, gateway.answer, time_zone=AT_HOME) as page:
        talk, left = page.evaluate(SEND, page.evaluate(WAITING, 1))
    assert gateway.zones == [AT_HOME, "Etc/GMT-8"]
    assert (talk["state"], left) == ("done", 0)


UNKNOWN = """() => {
  const { resolvedOptions } = Intl.DateTimeFormat.prototype;
  Intl.DateTimeFormat.prototype.resolvedOptions = function () {
    return { ...resolvedOptions.call(this), timeZone: "Etc/Unknown" };
  };
}"""


def test_a_browser_that_knows_no_zone_says_one_by_its_clock(
    chromium: Browser, gateway: Gateway
) -> None:
    with page_alone(chromium, gateway.answer, time_zone=AT_HOME) as page:
        page.evaluate(UNKNOWN)
        page.evaluate(SEND, page.evaluate(WAITING, 1))
    assert gateway.zones == ["Etc/GMT-8"]


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422])
def test_a_talk_that_is_never_taken_stays_here_and_is_tried_again_when_it_is_asked_for(
    sender: Page, gateway: Gateway, status: int
) -> None:
    gateway.at_start = [status] * 2
    found = sender.evaluate(WAITING, 1)
    talk, left = sender.evaluate(SEND, found)
    assert (talk["notTaken"], talk["state"], left) == ("no", "stopped", 1)
    gateway.at_start = []
    sender.evaluate("async (id) => (await import('/record/store.js')).forgive(id)", found)
    talk, left = sender.evaluate(SEND, found)
    assert (talk["notTaken"], talk["state"], left) == ("", "done", 0)


def test_an_old_token_is_renewed_for_the_end_too(sender: Page, gateway: Gateway) -> None:
    gateway.at_end = [401]
    talk, _ = sender.evaluate(SEND, sender.evaluate(WAITING, 1))
    assert (gateway.starts, gateway.completed, talk["state"]) == (2, 1, "done")


def test_an_end_that_is_never_taken_keeps_nobody_waiting(sender: Page, gateway: Gateway) -> None:
    gateway.at_end = [422]
    talk, left = sender.evaluate(SEND, sender.evaluate(WAITING, 1))
    assert (talk["isTold"], talk["state"], left) == (True, "done", 0)
    assert gateway.completed is None, "it was not asked again"


PAUSED = """async (id) => {
  const { catchUp } = await import("/record/catching.js");
  const pauses = [];
  const { setTimeout } = window;
  window.setTimeout = (work, ms) => { pauses.push(ms); return setTimeout(work, 0); };
  await catchUp("mei");
  return pauses;
}"""


def test_a_token_that_is_refused_at_once_is_not_asked_for_without_a_rest(
    sender: Page, gateway: Gateway
) -> None:
    gateway.refusals = [(401, "unauthorised")] * 3
    pauses = sender.evaluate(PAUSED, sender.evaluate(WAITING, 1))
    assert len(pauses) >= 1


def test_a_date_to_wait_for_is_no_reason_to_ask_without_a_rest(
    sender: Page, gateway: Gateway
) -> None:
    gateway.refusals = [(503, "part-away")]
    gateway.rest = "Wed, 21 Oct 2026 07:28:00 GMT"
    pauses = sender.evaluate(PAUSED, sender.evaluate(WAITING, 1))
    assert pauses
    assert all(map(math.isfinite, pauses))


PATIENCE = """async (id) => {
  const { catchUp } = await import("/record/catching.js");
  const { timeout } = AbortSignal;
  const waited = [];
  AbortSignal.timeout = (ms) => { waited.push(ms); return timeout.call(AbortSignal, ms); };
  await catchUp("mei");
  return Math.max(...waited);
}"""
BYTES = 40_000


def test_a_slow_network_has_the_time_that_the_write_side_gives_it(sender: Page) -> None:
    """Before, samples of ten seconds never came through one of less than 11 KB a second."""
    slowest_s = BYTES / BODY_RATE.least
    assert sender.evaluate(PATIENCE, sender.evaluate(WAITING, 1)) / 1000 > BODY_S.most + slowest_s
