"""A talk's story and a group's, over the same made-up year as the page of one person."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Site, read
from tests.browser.looking import SHOWN, assert_as_approved, go_to, heading, opened, shown, through


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
    shown(page, site, f"?group={talk['group_id']}")
    assert heading(page) != "This group is not here"


@pytest.mark.parametrize(("whose", "presses"), [("session", 3), ("group", 3)])
def test_they_look_as_approved(
    page: Page, site: Site, talk: dict[str, Any], whose: str, presses: int
) -> None:
    opened(page, site, f"?{whose}={talk[f'{whose}_id']}")
    for _ in range(presses):
        page.keyboard.press("ArrowRight")
    assert_as_approved(page, whose)
