"""The story in a real browser: by keys, taps and swipes, accessible, and as it was approved."""

import re

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Page, Request, Route

from deploy.waiting import until
from tests.browser.conftest import Site
from tests.browser.looking import (
    SHOWN,
    assert_as_approved,
    go_to,
    heading,
    opened,
    shown,
    sign_in,
    signed_in,
    through,
)


def test_through_it_by_keys_buttons_taps_and_swipes(page: Page, site: Site) -> None:
    opened(page, site)
    titles = through(page)
    assert titles[0] == "Your Singlish, counted"
    assert titles[-1] == "Pass it on"
    assert {"You said it", "Your words", "You are", "When you lah", "Moments"} <= set(titles)
    page.keyboard.press("Home")
    assert heading(page) == titles[0]
    page.locator("#next").click()
    assert heading(page) == titles[1]
    page.locator("#back").click()
    assert heading(page) == titles[0]
    page.mouse.click(350, 700)
    assert heading(page) == titles[1]
    page.mouse.click(20, 700)
    assert heading(page) == titles[0]
    page.mouse.move(300, 300)
    page.mouse.down()
    page.mouse.move(120, 310)
    page.mouse.up()
    assert heading(page) == titles[1]


def test_figures_are_those_of_the_api(page: Page, site: Site) -> None:
    opened(page, site)
    with page.expect_response("**/v1/users/me/wrapped?**") as answered:
        page.reload()
    cards = answered.value.json()["cards"]
    page.wait_for_selector("#next")
    page.keyboard.press("ArrowRight")
    assert page.locator(f"{SHOWN} .big").inner_text() == f"{cards['totals']['counts']:,}"
    go_to(page, "Your words")
    rows = page.locator(f"{SHOWN} .bars li")
    assert rows.count() == len(cards["top_words"]["top"])
    first = cards["top_words"]["top"][0]
    assert rows.first.inner_text().split() == [
        *first["emoji"].split(),
        first["word"],
        f"{first['count']:,}",
    ]
    page.locator(f"{SHOWN} summary").click()
    assert (
        "equal ones in the order of the alphabet" in page.locator(f"{SHOWN} details").inner_text()
    )


def test_no_script_can_read_the_session_and_nothing_is_asked_elsewhere(
    page: Page, site: Site
) -> None:
    asked: list[Request] = []
    # playwright marks its handlers, and a method of list bears no mark
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108
    sign_in(page, site.url)
    shown(page, site)
    assert "token" not in page.url
    assert {request.url.split("/")[2] for request in asked if request.url.startswith("http")} == {
        site.url.split("/")[2]
    }
    kept = page.context.cookies()
    assert {one["name"]: (one["httpOnly"], one["sameSite"]) for one in kept} == {
        "lah": (True, "Strict"),
        "lah-kept": (True, "Strict"),
    }
    held = page.evaluate("JSON.stringify([document.cookie, localStorage, sessionStorage])")
    seen = [*(request.url for request in asked), held, page.url]
    assert not [text for text in seen for one in kept if one["value"] in text]


def test_who_is_not_signed_in_signs_in_and_comes_back(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/wrapped?period=month")
    page.get_by_label("Any name").fill("demo-owner")
    page.get_by_role("button", name="Sign in with this name").click()
    page.wait_for_selector("#next")
    assert page.url == f"{site.url}/wrapped?period=month"


def test_without_words_it_says_what_to_do(page: Page, site: Site) -> None:
    opened(page, site, "?period=1990-01-01..1990-12-31")
    assert through(page) == ["Your Singlish, counted", "Still warming up", "Where it was said"]


def test_every_month_with_words_is_in_the_archive(page: Page, site: Site) -> None:
    asked = httpx.get(
        f"{site.url}/v1/users/me/trends?granularity=month&limit=120",
        headers={"Authorization": f"Bearer {site.token}"},
        timeout=60,
    )
    said = [one["from"] for one in asked.json()["trend"] if one["counts"]]
    opened(page, site)
    go_to(page, "Where it was said")
    years = page.locator(f"{SHOWN} .archive summary")
    assert years.all_inner_texts() == sorted({first[:4] for first in said}, reverse=True)
    years.last.click()
    oldest = page.locator(f"{SHOWN} .archive a").last
    name = oldest.inner_text()
    oldest.click()
    page.wait_for_selector("#next")
    assert f"period={said[0]}.." in page.url
    assert page.locator(f"{SHOWN} .big").inner_text() == name


def until_drawn(page: Page) -> None:
    """Until the card is whole. Another shape replaces it, and ends its decoding."""
    whole = "picture => picture.decode().then(() => true, () => false)"
    until(lambda: page.locator(".preview").evaluate(whole), bool)


def test_the_card_can_be_saved(page: Page, site: Site) -> None:
    opened(page, site)
    page.keyboard.press("End")
    until_drawn(page)
    size = page.locator(".preview").evaluate(
        "picture => [picture.naturalWidth, picture.naturalHeight]"
    )
    assert size == [1080, 1920]
    with page.expect_download() as saved:
        page.locator("#save").click()
    assert Image.open(saved.value.path()).format == "PNG"


def test_a_story_does_not_wait_for_its_card(page: Page, site: Site) -> None:
    asked: list[Request] = []
    page.route("**/v1/users/me/wrapped/card?**", lambda route: asked.append(route.request))
    opened(page, site)
    assert asked == []
    with page.expect_request("**/v1/users/me/wrapped/card?**"):
        page.keyboard.press("End")


def test_a_picture_of_an_earlier_choice_does_not_come_back(page: Page, site: Site) -> None:
    """Somebody takes their name off the card again before the card with it is drawn."""
    opened(page, site)
    page.keyboard.press("End")
    until_drawn(page)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile("name=true"), hold)
    with page.expect_request(re.compile("name=true")):
        page.locator("#name").check()
    page.locator("#name").uncheck()
    page.locator("#save[href]").wait_for()
    shown = page.locator(".preview").get_attribute("src")
    with page.expect_response(re.compile("name=true")) as late:
        held[0].continue_()
    late.value.finished()
    page.evaluate("fetch('/wrapped/wrapped.css').then((later) => later.text())")
    assert page.locator(".preview").get_attribute("src") == shown
    assert page.locator("#save").get_attribute("href") == shown


def test_the_top_word_is_guessed_before_it_is_shown(page: Page, site: Site) -> None:
    opened(page, site)
    go_to(page, "Guess first")
    choices = page.locator(f"{SHOWN} .choice")
    assert choices.count() == 4
    choices.first.click()
    answer = page.locator(f"{SHOWN} .answer").inner_text()
    right = page.locator(f"{SHOWN} .choice.right").inner_text().split()[-1]
    assert f"“{right}”" in answer
    page.keyboard.press("ArrowRight")
    first = page.locator(f"{SHOWN} .bars li").first.inner_text().split()
    assert right in first


def test_no_day_is_written_as_machines_write_it(page: Page, site: Site) -> None:
    signed_in(page, site.url)
    for query in ("?period=year", "?period=month", "?period=week", "?period=all"):
        shown(page, site, query)
        written = page.locator("main").evaluate("main => main.textContent")
        assert not re.search(r"\d{4}-\d\d", written), query
        one_of_many = r"(?<![\d.])1 (words|talks|days|hours|minutes|people)\b"
        assert not re.search(one_of_many, written), query


def test_a_personality_has_a_drawing_of_its_own(page: Page, site: Site) -> None:
    opened(page, site)
    go_to(page, "You are")
    drawing = page.locator(f"{SHOWN} .art")
    assert drawing.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 0


@pytest.mark.parametrize("shape", ["story", "square", "wide"])
def test_the_phones_own_sheet_gets_the_picture(page: Page, site: Site, shape: str) -> None:
    page.add_init_script(
        "navigator.canShare = (what) => what.files.length === 1;"
        "navigator.share = async (what) => { window.passed = what.files[0]; };"
    )
    opened(page, site)
    page.keyboard.press("End")
    page.locator("#shape").select_option(shape)
    until_drawn(page)
    page.locator("#pass").click()
    passed = page.evaluate("[window.passed.type, window.passed.name, window.passed.size > 1000]")
    assert passed == ["image/png", "singlish.png", True]


def test_it_looks_as_approved(page: Page, site: Site) -> None:
    opened(page, site)
    for name, presses in (("cover", 0), ("totals", 1), ("words", 2), ("clock", 3)):
        for _ in range(presses):
            page.keyboard.press("ArrowRight")
        assert_as_approved(page, name)
