"""The recorder's sender: each answer of the gateway, and an hour that waits."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.pages_alone import page_alone

TALK = """async (count) => {
  const store = await import("/record/store.js");
  const talks = await import("/record/talks.js");
  const talk = await talks.begin({ owner: "mei", groupId: null, hint: null, consent: "1" });
  for (let seq = 0; seq < count; seq++) {
    const content = new Uint8Array(40_000).fill(seq % 251);
    const cut = { startMs: 10_000 * seq, durationMs: 10_000, type: "audio/ogg", content };
    await store.keep(talk.id, [cut], null);
  }
  await talks.end(talk.id);
  return talk.id;
}"""
SEND = """async (id) => {
  const { catchUp } = await import("/record/catching.js");
  const store = await import("/record/store.js");
  await catchUp("mei");
  return [await store.talk(id) ?? null, await store.count(id)];
}"""
ONE_HOUR = 360


@dataclass
class Gateway:
    """The write side's answers. `refusals`: those of the first requests for a chunk."""

    refusals: list[tuple[int, str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    starts: int = 0
    completed: int | None = None

    def answer(self, route: Route) -> None:
        """One request."""
        parts = urlsplit(route.request.url).path.split("/")
        if parts[-2:-1] == ["chunks"]:
            self._chunk(route, int(parts[-1]))
        elif parts[-1] == "complete":
            self.completed = json.loads(route.request.post_data or "")["chunks"]
            route.fulfill(status=202, json={})
        else:
            self.starts += 1
            route.fulfill(status=201, json={"upload_token": f"t{self.starts}"})

    def _chunk(self, route: Route, seq: int) -> None:
        if self.refusals:
            status, kind = self.refusals.pop(0)
            route.fulfill(status=status, json={"detail": "no", "type": kind})
            return
        self.numbers.append(seq)
        body = route.request.post_data_buffer or b""
        route.fulfill(status=201, json={"sha256": hashlib.sha256(body).hexdigest()})


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
def page(chromium: Browser, gateway: Gateway) -> Iterator[Page]:
    with page_alone(chromium, gateway.answer) as found:
        yield found


def test_an_hour_that_waits_is_sent_by_any_page(page: Page, gateway: Gateway) -> None:
    talk, left = page.evaluate(SEND, page.evaluate(TALK, ONE_HOUR))
    assert gateway.numbers == list(range(ONE_HOUR))
    assert gateway.completed == ONE_HOUR
    assert (talk["state"], talk["safeMs"], left) == ("done", 3_600_000, 0)


@pytest.mark.parametrize(
    "refusal", [(503, "part-away"), (429, "too-many-requests"), (400, "digest-mismatch")]
)
def test_an_answer_that_passes_is_waited_for(
    page: Page, gateway: Gateway, refusal: tuple[int, str]
) -> None:
    gateway.refusals = [refusal]
    talk, left = page.evaluate(SEND, page.evaluate(TALK, 2))
    assert (gateway.numbers, talk["state"], left) == ([0, 1], "done", 0)


def test_an_old_token_is_renewed(page: Page, gateway: Gateway) -> None:
    gateway.refusals = [(401, "unauthorised")]
    talk, _ = page.evaluate(SEND, page.evaluate(TALK, 2))
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


def test_who_signed_in_since_does_not_begin_the_talk(page: Page, gateway: Gateway) -> None:
    assert page.evaluate(OF_ANOTHER, page.evaluate(TALK, 1)) == 401
    assert gateway.starts == 0


def test_a_number_that_other_bytes_have_is_given_up(page: Page, gateway: Gateway) -> None:
    gateway.refusals = [(409, "chunk-conflict")]
    talk, left = page.evaluate(SEND, page.evaluate(TALK, 2))
    assert gateway.numbers == [1, 2]
    assert (gateway.completed, talk["safeMs"], left) == (3, 20_000, 0)


def test_what_is_refused_for_good_stays_here_with_its_reason(page: Page, gateway: Gateway) -> None:
    gateway.refusals = [(422, "bad-number")]
    talk, left = page.evaluate(SEND, page.evaluate(TALK, 2))
    assert (gateway.numbers, gateway.completed) == ([1], 2)
    assert (talk["state"], talk["refusal"], talk["safeMs"], left) == ("stopped", "no", 10_000, 1)


def test_of_a_talk_that_was_erased_nothing_stays(page: Page, gateway: Gateway) -> None:
    gateway.refusals = [(410, "erased")]
    assert page.evaluate(SEND, page.evaluate(TALK, 2)) == [None, 0]
