"""A talk's story and a group's, over the same made-up year as the page of one person."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, Page

from consumers.runtime.outcome import Record
from consumers.sink.step import Sink
from schemas import topics
from schemas.ids import SessionId, UserId
from schemas.session_events import Failure, State
from schemas.session_rows import SessionListing
from tests.browser.conftest import Site
from tests.browser.looking import (
    assert_as_approved,
    assert_good_for_everybody,
    heading,
    opened,
    through,
)
from tests.golden import EXAMPLES

SHOWN = "section:not([hidden])"


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
    began = datetime.fromisoformat(talk["recorded_at"]).replace(tzinfo=UTC)
    there, here = (
        began.astimezone(ZoneInfo(talk["time_zone"])),
        began.astimezone(ZoneInfo("Pacific/Kiritimati")),
    )
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
        "The group's words",
        "The board",
        "Known for",
        "Talks",
    ]
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert page.locator(f"{SHOWN} .big").inner_text() == f"{told['cards']['totals']['counts']:,}"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    rows = [row.split("\n") for row in page.locator(f"{SHOWN} .board li").all_inner_texts()]
    assert [row[-1] for row in rows] == [f"{place['counts']:,}" for place in told["cards"]["board"]]
    page.keyboard.press("ArrowRight")
    assert page.locator(f"{SHOWN} li").count() == len(told["cards"]["known_for"])


def test_ways_lead_from_one_story_to_the_next(page: Page, site: Site, talk: dict[str, Any]) -> None:
    opened(page, site)
    while heading(page) != "Where it was said":
        page.keyboard.press("ArrowRight")
    page.locator(f"{SHOWN} a[href*='session=']").first.click()
    page.wait_for_selector("h1:text('This talk, counted')", state="attached")
    assert f"session={talk['session_id']}" in page.url
    page.keyboard.press("End")
    page.locator(f"{SHOWN} a[href*='group=']").click()
    page.wait_for_selector("text=The board", state="attached")
    page.keyboard.press("End")
    assert heading(page) == "Talks"


@pytest.mark.parametrize("whose", ["session", "group"])
def test_everybody_can_use_them(page: Page, site: Site, talk: dict[str, Any], whose: str) -> None:
    opened(page, site, f"?{whose}={talk[f'{whose}_id']}")
    assert_good_for_everybody(page)


def test_what_one_may_not_see_is_said_so_and_the_token_kept(
    page: Page, site: Site, talk: dict[str, Any]
) -> None:
    opened(page, site, "?session=00000000-0000-7000-8000-000000000000")
    assert heading(page) == "No Wrapped just now"
    opened(page, site, f"?group={talk['group_id']}")
    assert heading(page) != "No Wrapped just now"


@pytest.mark.parametrize(("whose", "presses"), [("session", 3), ("group", 3)])
def test_they_look_as_approved(
    page: Page, site: Site, talk: dict[str, Any], whose: str, presses: int
) -> None:
    opened(page, site, f"?{whose}={talk[f'{whose}_id']}")
    for _ in range(presses):
        page.keyboard.press("ArrowRight")
    assert_as_approved(page, whose)


def test_a_talk_that_failed_says_why_and_what_to_do(
    page: Page, site: Site, talk: dict[str, Any]
) -> None:
    row = next(event for _, event in EXAMPLES if isinstance(event, SessionListing))
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
    assert_good_for_everybody(page)
