"""A talk's story and a group's, over the same made-up year as the page of one person."""

import itertools
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, Page, Route, expect

from adapters.process.clock import unix_ms
from consumers.runtime.outcome import Record
from consumers.sink.step import Sink
from deploy.waiting import until
from schemas import topics
from schemas.claim_events import CountJudged, Verdict
from schemas.event import Event
from schemas.ids import EventId, SessionId, SpeakerLabel, UserId
from schemas.session_events import (
    Constraint,
    ConstraintKind,
    Failure,
    State,
    VoicesCorrected,
)
from schemas.session_rows import SessionListing
from schemas.speech_events import ProvisionalSpeakersIdentified
from schemas.word_events import ProvisionalWordsCounted
from tests.browser.conftest import Site
from tests.browser.looking import (
    SHOWN,
    assert_as_approved,
    axe,
    go_to,
    heading,
    opened,
    signed_in,
    through,
)
from tests.golden import example_of


def read(site: Site, path: str) -> dict[str, Any]:
    return dict(
        httpx.get(site.url + path, headers={"Authorization": f"Bearer {site.token}"})
        .raise_for_status()
        .json()
    )


@pytest.fixture(scope="session")
def talk(site: Site) -> dict[str, Any]:
    """The last talk, as the api tells it."""
    last = read(site, "/v1/sessions?limit=1")["sessions"][0]
    return read(site, f"/v1/sessions/{last['session_id']}/wrapped")


def test_a_talk_is_told_voice_by_voice(page: Page, site: Site, talk: dict[str, Any]) -> None:
    opened(page, site, f"?session={talk['session_id']}")
    page.keyboard.press("ArrowRight")
    assert page.locator(f"{SHOWN} .big").inner_text() == f"{talk['table']['counts']:,}"
    page.keyboard.press("ArrowRight")
    for slide in talk["slides"]:
        page.keyboard.press("ArrowRight")
        assert heading(page) == (slide["claim"]["display_name"] or slide["claim"]["guest_name"])
        assert page.locator(f"{SHOWN} .big").inner_text() == f"{slide['counts']:,}"
        assert page.locator(f"{SHOWN} .bars li").count() == len(slide["top_words"])


def test_a_talk_has_the_day_of_the_place_where_it_was(
    chromium: Browser, site: Site, talk: dict[str, Any]
) -> None:
    began = datetime.fromisoformat(talk["recorded_at"])
    there = began.astimezone(ZoneInfo(talk["time_zone"]))
    here = began.astimezone(ZoneInfo("Pacific/Kiritimati"))
    assert there.date() != here.date()
    context = chromium.new_context(timezone_id="Pacific/Kiritimati")
    shown = (
        opened(context.new_page(), site, f"?session={talk['session_id']}")
        .locator(f"{SHOWN} .big")
        .inner_text()
    )
    context.close()
    assert str(there.day) in shown.replace(",", "").split()


def test_who_claimed_a_voice_may_take_it_back_and_nobody_else(
    page: Page, site: Site, talk: dict[str, Any]
) -> None:
    opened(page, site, f"?session={talk['session_id']}")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    for slide in talk["slides"]:
        page.keyboard.press("ArrowRight")
        is_mine = "demo-owner" in (slide["claim"]["user_id"], slide["claim"]["claimed_by"])
        assert page.locator(f"{SHOWN} .claim button").count() == int(is_mine)


def test_a_group_is_told_with_its_board(page: Page, site: Site, talk: dict[str, Any]) -> None:
    told = read(site, f"/v1/groups/{talk['group_id']}/wrapped?period=year")
    opened(page, site, f"?group={talk['group_id']}&period=year")
    assert through(page) == [
        told["name"],
        "All of you",
        *("Who says it most?" for _ in told["cards"]["guesses"]),
        "The group's words",
        "The board",
        "Known for",
        "And the awards go to",
        "Where it was said",
        "The people in it",
        "Bring the others",
    ]
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert page.locator(f"{SHOWN} .big").inner_text() == f"{told['cards']['totals']['counts']:,}"
    go_to(page, "The board")
    rows = [row.split("\n") for row in page.locator(f"{SHOWN} .board li").all_inner_texts()]
    assert [row[-1] for row in rows] == [f"{place['counts']:,}" for place in told["cards"]["board"]]
    page.keyboard.press("ArrowRight")
    assert page.locator(f"{SHOWN} li").count() == len(told["cards"]["known_for"])
    page.keyboard.press("ArrowRight")
    assert page.locator(f"{SHOWN} li").count() == len(told["cards"]["awards"])


def test_every_month_of_a_group_is_in_its_archive(
    page: Page, site: Site, talk: dict[str, Any]
) -> None:
    group = talk["group_id"]
    months = read(site, f"/v1/groups/{group}/trends?granularity=month&limit=120")["trend"]
    said = [one["from"] for one in months if one["counts"]]
    opened(page, site, f"?group={group}")
    go_to(page, "Where it was said")
    years = page.locator(f"{SHOWN} .archive summary")
    assert years.all_inner_texts() == sorted({first[:4] for first in said}, reverse=True)
    years.last.click()
    oldest = page.locator(f"{SHOWN} .archive a").last
    name = oldest.inner_text()
    oldest.click()
    page.wait_for_url(f"**group={group}&period={said[0]}..*")
    page.wait_for_selector("#next")
    assert page.locator(f"{SHOWN} .big").inner_text() == name


KEEP_GAPS = """async ([id, gaps]) => {
  const store = await import("/record/store.js");
  await store.begin({ id, owner: "demo-owner", state: "done", gaps });
}"""


def test_the_phone_that_recorded_a_talk_tells_why_parts_of_it_are_missing(
    page: Page, site: Site, talk: dict[str, Any]
) -> None:
    opened(page, site, f"?session={talk['session_id']}")
    gaps = [
        {"kind": kind, "startMs": 1000 * start_s, "endMs": 1000 * end_s}
        for kind, start_s, end_s in (("paused", 190, 230), ("taken", 300, 302), ("closed", 9, 9))
    ]
    page.evaluate(KEEP_GAPS, [talk["session_id"], gaps])
    page.reload()
    page.wait_for_selector("#next")
    go_to(page, "Everybody together")
    facts = page.locator(f"{SHOWN} .facts").inner_text()
    assert "Paused at 03:10, for 00:40" in facts
    assert "The microphone was away at 05:00, for 00:02" in facts
    assert "This page was closed" not in facts, "nobody misses less than a second"


def test_the_table_guesses_before_it_is_told(page: Page, site: Site, talk: dict[str, Any]) -> None:
    told = read(site, f"/v1/groups/{talk['group_id']}/wrapped?period=year")
    guess = told["cards"]["guesses"][0]
    opened(page, site, f"?group={talk['group_id']}&period=year")
    go_to(page, "Who says it most?")
    choices = page.locator(f"{SHOWN} .choice")
    names = [one["display_name"] or one["user_id"] for one in guess["people"]]
    assert sorted(choices.all_inner_texts()) == sorted(names)
    assert page.locator(f"{SHOWN} .answer").inner_text() == ""
    choices.filter(has_text=names[-1]).first.click()
    answer = page.locator(f"{SHOWN} .answer").inner_text()
    assert names[0] in answer
    assert f"{guess['people'][0]['count']:,}" in answer
    assert page.locator(f"{SHOWN} .choice.right").inner_text() == names[0]


def test_the_owner_hands_a_group_over_or_removes_somebody(
    page: Page, site: Site, talk: dict[str, Any]
) -> None:
    group = read(site, f"/v1/groups/{talk['group_id']}")
    members = read(site, f"/v1/groups/{talk['group_id']}/members")["members"]
    assert group["role"] == "owner"
    sent: list[tuple[str, str, Any]] = []

    def decided(route: Route) -> None:
        if route.request.method == "GET":
            route.fallback()
            return
        where = route.request.url.partition(talk["group_id"])[2]
        sent.append((route.request.method, where, route.request.post_data_json))
        answered(route, {"request_id": "r", "outcome": "accepted", "group_id": talk["group_id"]})

    page.route(f"**/v1/groups/{talk['group_id']}/**", decided)
    opened(page, site, f"?group={talk['group_id']}&period=year")
    go_to(page, "The people in it")
    lines = page.locator(f"{SHOWN} .facts > li")
    assert lines.count() == len(members)
    other = next(one for one in members if one["role"] == "member")
    name = other["display_name"] or other["user_id"]
    line = lines.filter(has_text=name).first
    line.get_by_role("button", name="Hand over").click()
    line.get_by_role("button", name=f"Yes, hand it to {name}").click()
    line.get_by_role("button", name="Remove").click()
    line.get_by_role("button", name=f"Yes, remove {name}").click()
    until(lambda: page.title() and sent, lambda found: len(found) == 2)
    assert sent == [
        ("POST", "/owner", {"user_id": other["user_id"]}),
        ("DELETE", f"/members/{other['user_id']}", None),
    ]
    expect(page.locator(SHOWN)).to_contain_text("hand it over before you leave")


def test_a_member_leaves_and_neither_removes_nor_invites(
    page: Page, site: Site, talk: dict[str, Any]
) -> None:
    members = read(site, f"/v1/groups/{talk['group_id']}/members")["members"]
    other = next(one for one in members if one["role"] == "member")
    signed_in(page, site.url, other["user_id"])
    page.goto(f"{site.url}/wrapped?group={talk['group_id']}&period=year")
    page.wait_for_selector("#next")
    go_to(page, "The people in it")
    assert page.locator(f"{SHOWN} button").all_inner_texts()[0] == "Leave the group"
    assert page.get_by_role("button", name="Remove").count() == 0
    page.keyboard.press("End")
    assert heading(page) == "The people in it"


def test_a_correction_of_the_voices_can_be_undone(
    page: Page, site: Site, talk: dict[str, Any]
) -> None:
    merge = Constraint(
        kind=ConstraintKind.MERGE, speaker=SpeakerLabel("S1"), other=SpeakerLabel("S9")
    )
    corrected = VoicesCorrected(
        occurred_at_ms=1, session_id=SessionId(talk["session_id"]), correction=3, is_undone=False,
        by=UserId("demo-owner"), constraint=merge, speakers=None,
    )  # fmt: skip
    Sink(site.warehouse, lambda: 0).process([Record(topics.DECIDED, 0, 0, corrected)])
    asked: list[str] = []

    def accepted(route: Route) -> None:
        asked.append(route.request.url)
        answered(route, {"request_id": "r", "outcome": "accepted"})

    page.route("**/corrections/*/undo", accepted)
    opened(page, site, f"?session={talk['session_id']}")
    go_to(page, "Not quite right?")
    page.get_by_role("button", name="Undo: Voice S9 is voice S1").click()
    until(lambda: page.title() and asked, bool)
    assert asked[0].endswith(f"/v1/sessions/{talk['session_id']}/corrections/3/undo")
    site.warehouse.command("TRUNCATE TABLE corrections")


def test_an_invite_is_a_link_and_a_picture_of_it(
    page: Page, site: Site, talk: dict[str, Any]
) -> None:
    answer = {"invite_code": "LAHH-MAKAN-2026", "group_id": talk["group_id"]}
    page.route("**/v1/groups/*/invite", lambda route: answered(route, answer))
    opened(page, site, f"?group={talk['group_id']}&period=year")
    page.keyboard.press("End")
    page.locator("#invite").click()
    link = page.get_by_label("The link", exact=True)
    assert link.input_value().endswith("/wrapped?join=LAHH-MAKAN-2026")
    picture = page.locator(f"{SHOWN} .invite img")
    assert picture.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 100


def test_a_link_into_a_group_asks_and_then_joins(
    page: Page, site: Site, talk: dict[str, Any]
) -> None:
    sent: list[Any] = []

    def joined(route: Route) -> None:
        sent.append(route.request.post_data_json)
        answered(route, {"group_id": talk["group_id"]})

    page.route("**/v1/groups/join", joined)
    page.goto(f"{site.url}/wrapped?join=LAHH-MAKAN-2026")
    assert page.locator("#join").inner_text() == "Sign in to join"
    page.locator("#join").click()
    page.wait_for_url("**/sign-in?after=*")
    signed_in(page, site.url)
    page.goto(f"{site.url}/wrapped?join=LAHH-MAKAN-2026")
    assert page.locator("#join").inner_text() == "Join the group"
    page.locator("#join").click()
    page.wait_for_url(f"**/wrapped?group={talk['group_id']}")
    assert sent == [{"invite_code": "LAHH-MAKAN-2026"}]


def test_the_owner_of_a_voice_strikes_a_count_and_takes_it_back(
    page: Page, site: Site, talk: dict[str, Any]
) -> None:
    path = f"/v1/sessions/{talk['session_id']}/counts"
    mine = next(one for one in talk["slides"] if one["claim"]["user_id"] == "demo-owner")
    versions = itertools.count(1_000)

    def judge(route: Route) -> None:
        if route.request.method == "POST":
            asked: Any = route.request.post_data_json
            Sink(site.warehouse, lambda: 0).process(
                [Record(topics.CLAIMS_DECIDED, 0, 0, judged(talk, asked, next(versions)))]
            )
            answered(route, {"outcome": "judged"})
        else:
            route.continue_()

    page.route(f"**{path}", judge)
    opened(page, site, f"?session={talk['session_id']}")
    go_to(page, mine["claim"]["display_name"])
    page.locator(f"{SHOWN} .each summary").click()
    lines = page.locator(f"{SHOWN} .each li")
    counts = [one for one in read(site, path)["counts"] if one["speaker"] == mine["speaker"]]
    assert lines.count() == len(counts) == mine["counts"]
    lines.first.get_by_role("button").click()
    expect(lines.first.locator("s")).to_have_count(1)
    assert count_at(read(site, path), counts[0])["counted"] is False
    assert axe(page) == []
    lines.first.get_by_role("button").click()
    expect(lines.first.locator("s")).to_have_count(0)
    assert count_at(read(site, path), counts[0])["verdict"] == "none"


def judged(talk: dict[str, Any], asked: dict[str, Any], version: int) -> CountJudged:
    """As the fold decides."""
    said_at = datetime.fromisoformat(asked["said_at"])
    verdict = {"said": Verdict.SAID, "struck": Verdict.STRUCK, "none": Verdict.NONE}
    return CountJudged(
        occurred_at_ms=1,
        session_id=SessionId(talk["session_id"]),
        request_id=f"judged-{version}",
        speaker=asked["speaker"],
        by=UserId("demo-owner"),
        word=asked["word"],
        said_at_ms=round(said_at.timestamp() * 1000),
        day=said_at.date().isoformat(),
        verdict=verdict[asked["verdict"]],
        claim_version=version,
    )


def count_at(told: dict[str, Any], count: dict[str, Any]) -> dict[str, Any]:
    """The count at the same place, as it is now."""
    names = ("speaker", "word", "said_at")
    return next(one for one in told["counts"] if all(one[name] == count[name] for name in names))


def answered(route: Route, answer: dict[str, Any]) -> None:
    """As the gateway answers. It may be another origin, which the browser asks about first."""
    allowed = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*"}
    route.fulfill(json=answer, headers=allowed)


def test_ways_lead_from_one_story_to_the_next(page: Page, site: Site, talk: dict[str, Any]) -> None:
    opened(page, site)
    go_to(page, "Where it was said")
    page.locator(f"{SHOWN} a[href*='session=']").first.click()
    page.wait_for_selector("h1:text('This talk, counted')", state="attached")
    assert f"session={talk['session_id']}" in page.url
    page.keyboard.press("End")
    page.locator(f"{SHOWN} a[href*='group=']").click()
    page.wait_for_selector("text=The board", state="attached")
    go_to(page, "Where it was said")


def test_what_one_may_not_see_is_said_so_and_the_token_kept(
    page: Page, site: Site, talk: dict[str, Any]
) -> None:
    opened(page, site, "?session=00000000-0000-7000-8000-000000000000")
    assert heading(page) == "This talk is not here"
    assert page.get_by_role("link", name="To the first page").last.get_attribute("href") == "/"
    opened(page, site, f"?group={talk['group_id']}")
    assert heading(page) != "This group is not here"


@pytest.mark.parametrize(("whose", "presses"), [("session", 3), ("group", 3)])
def test_they_look_as_approved(
    page: Page, site: Site, talk: dict[str, Any], whose: str, presses: int
) -> None:
    opened(page, site, f"?{whose}={talk[f'{whose}_id']}")
    for _ in range(presses):
        page.keyboard.press("ArrowRight")
    assert_as_approved(page, whose)


def test_words_of_each_voice_come_while_the_talk_is_recorded(page: Page, site: Site) -> None:
    session_id = SessionId("0197a3c2-0000-7000-8000-0000000011fe")
    listing = example_of(SessionListing)
    voices = example_of(ProvisionalSpeakersIdentified)
    words = example_of(ProvisionalWordsCounted)
    label = voices.speakers[0].label
    now_ms = unix_ms()  # older provisional rows have left the warehouse

    def tell(*events: Event) -> None:
        records = [Record(topics.PROVISIONAL, 0, n, event) for n, event in enumerate(events)]
        Sink(site.warehouse, lambda: 0).process(records)

    def counted(window: int, **said: int) -> ProvisionalWordsCounted:
        counts = {label: said}
        return replace(
            words, event_id="", session_id=session_id, caused_by=EventId(f"w{window}"),
            occurred_at_ms=now_ms, window=window, counts=counts, spoken={label: 9},
        )  # fmt: skip

    row = replace(
        listing, event_id="", session_id=session_id, owner=UserId("demo-owner"),
        state=State.RECORDING, failure=None, recorded_at_ms=0,
    )  # fmt: skip
    Sink(site.warehouse, lambda: 0).process([Record(topics.DIRECTORY, 0, 0, row)])
    heard = replace(voices, event_id="", session_id=session_id, occurred_at_ms=now_ms)
    tell(heard, counted(0, lah=3))
    opened(page, site, f"?session={session_id}")
    assert heading(page) == "Still counting"
    live = page.locator(f"{SHOWN} .live li").first
    expect(live).to_contain_text("lah 3")
    tell(counted(1, lah=2, sia=4))
    expect(live).to_contain_text("lah 5, sia 4")  # and nobody reloaded the page


def test_a_talk_that_failed_says_why_and_what_to_do(
    page: Page, site: Site, talk: dict[str, Any]
) -> None:
    row = example_of(SessionListing)
    failed = replace(
        row,
        session_id=SessionId("0197a3c2-0000-7000-8000-00000000fa11"),
        owner=UserId("demo-owner"),
        state=State.FAILED,
        failure=Failure.SPEAKERS_NOT_IDENTIFIED,
        # Not the last talk of the page.
        recorded_at_ms=0,
    )
    Sink(site.warehouse, lambda: 0).process([Record(topics.DIRECTORY, 0, 0, failed)])
    opened(page, site, f"?session={failed.session_id}")
    assert heading(page) == "This talk could not be counted"
    assert "could not be told apart" in page.locator(SHOWN).inner_text()
