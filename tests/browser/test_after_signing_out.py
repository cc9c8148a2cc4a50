"""Pages of somebody who signed out, in another tab or behind "back": nobody else reads them."""

import pytest
from playwright.sync_api import Page

from tests.browser.pages_alone import ADDRESS, ME, Network

OF_ONE = ("/", "/settings")
SIGNED_OUT = """() => {
  localStorage.removeItem("lah-good-until");
  localStorage.removeItem("lah-who");
}"""
BACK = "() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
RENEWED = "() => localStorage.setItem('lah-good-until', String(Date.now() + 900_000))"
HEARD = """() => {
  const storage = new Promise((done) => window.addEventListener("storage", () => done()));
  return { storage };
}"""
AWAY = "**/sign-in?after=*"


@pytest.fixture
def network() -> Network:
    network = Network()
    network.answers["/v1/users/me"] = ME | {"keep_transcript_days": 30, "time_zone": ""}
    network.answers["/v1/users/me/stats"] = {"counts": 0}
    network.refused.add("/auth/renew")
    return network


@pytest.fixture
def page(signed_in: Page) -> Page:
    return signed_in


def opened(page: Page, path: str) -> None:
    page.goto(ADDRESS + path)
    page.get_by_role("link", name="Sign out", exact=True).wait_for()


@pytest.mark.parametrize("path", OF_ONE)
def test_a_page_in_another_tab_is_not_that_of_who_signed_out(page: Page, path: str) -> None:
    """Before, it stayed as it was, and what was tapped was done in the name of who came next."""
    opened(page, path)
    other = page.context.new_page()
    other.goto(f"{ADDRESS}/record/opus.js")
    other.evaluate(SIGNED_OUT)
    page.wait_for_url(AWAY, wait_until="commit")


@pytest.mark.parametrize("path", OF_ONE)
def test_a_page_that_somebody_goes_back_to_is_drawn_again(page: Page, path: str) -> None:
    """Before, a browser showed it as it was left: talks, counts and names."""
    opened(page, path)
    page.evaluate(SIGNED_OUT)
    page.evaluate(BACK)
    page.wait_for_url(AWAY, wait_until="commit")


def test_a_page_of_who_is_still_there_stays(page: Page) -> None:
    opened(page, "/settings")
    name = page.get_by_role("textbox", name="Your name")
    name.fill("Mei Mei")
    went: list[str] = []
    page.on("request", lambda one: went.append(one.url) if one.is_navigation_request() else None)
    heard = page.evaluate_handle(HEARD)
    other = page.context.new_page()
    other.goto(f"{ADDRESS}/record/opus.js")
    other.evaluate(RENEWED)
    heard.evaluate("(heard) => heard.storage")
    page.evaluate(BACK)
    page.evaluate("async () => (await fetch('/v1/sessions')).json()")
    assert (name.input_value(), went) == ("Mei Mei", [])
