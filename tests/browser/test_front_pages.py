"""The first page, signing in, Settings and the documents, in a real browser."""

import itertools
import zipfile
from collections import Counter
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, Response, Route, expect

from deploy.waiting import until
from tests.browser.conftest import Site
from tests.browser.looking import signed_in
from tests.browser.walks.stories import GROUP

ME = "/v1/users/me"
FIRST = {
    "/": {ME, "/v1/sessions", f"{ME}/stats"},
    "/settings": {ME, "/v1/sessions"},
    "/record": {ME, "/v1/sessions"},
    "/docs/operators": {ME},
    "/wrapped?period=month": {ME, f"{ME}/wrapped", f"{ME}/trends", "/v1/sessions"},
    f"/wrapped?group={GROUP}": {
        ME,
        "/v1/sessions",
        *(f"/v1/groups/{GROUP}{below}" for below in ("", "/members", "/trends", "/wrapped")),
    },
}
"""The answers that a page is drawn from."""


def drawn(page: Page) -> None:
    page.wait_for_selector("#main:not([aria-busy])")


def test_the_first_page_is_small_and_asks_nobody_else(page: Page, site: Site) -> None:
    sizes: list[int] = []
    hosts: set[str] = set()
    page.on("response", lambda answer: sizes.append(_size(answer)))
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.goto(site.url)
    drawn(page)
    page.wait_for_load_state("networkidle")
    assert hosts == {site.url.split("/")[2]}
    assert 0 < sum(sizes) < 150_000


def _size(answer: Response) -> int:
    """Bytes of the answer as it came; the font is not counted."""
    found: dict[str, str] = answer.headers
    is_font = answer.url.endswith(".ttf")
    return 0 if is_font else int(found.get("content-length", 0))


@pytest.mark.parametrize(("path", "answers"), FIRST.items())
def test_a_page_asks_for_its_answers_while_its_texts_are_on_their_way(
    page: Page, site: Site, path: str, answers: set[str]
) -> None:
    signed_in(page, site.url)
    held: list[Route] = []
    asked: Counter[str] = Counter()

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/texts.*.json", hold)
    page.on("request", lambda request: asked.update([urlsplit(request.url).path]))
    page.goto(site.url + path)

    def are_all_asked() -> bool:
        page.wait_for_timeout(50)
        return answers <= asked.keys()

    until(are_all_asked, bool, every_s=0)
    for text in held:
        text.continue_()
    drawn(page)
    assert {asked[answer] for answer in answers} == {1}, "what was asked for early is used"


def test_somebody_new_is_asked_once_and_finds_their_talks(page: Page, site: Site) -> None:
    signed_in(page, site.url, "somebody-new")
    page.goto(site.url)
    page.wait_for_url("**/welcome?**")
    drawn(page)
    expect(page.get_by_label("Your name", exact=True)).to_have_value("somebody-new")
    assert page.get_by_label("Time zone").input_value() == "Asia/Singapore"
    boxes = page.locator("input[type=checkbox]")
    assert [boxes.nth(n).is_checked() for n in range(3)] == [False] * 3
    page.route("**/v1/users/me", _taken)
    boxes.nth(0).check()
    page.get_by_label("Keep the words").fill("7")
    with page.expect_request(_changes) as asked:
        page.get_by_role("button", name="Begin").click()
    assert asked.value.post_data_json == {
        "display_name": "somebody-new",
        "time_zone": "Asia/Singapore",
        "keep_transcript_days": 7,
        "findable": True,
        "on_board": False,
        "tags_take_effect_at_once": False,
    }


def test_somebody_new_is_not_asked_again_while_their_name_is_on_its_way(
    page: Page, site: Site
) -> None:
    signed_in(page, site.url, "somebody-slow")
    page.goto(f"{site.url}/welcome?after=/")
    drawn(page)
    reads = itertools.count()

    def known_after_a_while(route: Route) -> None:
        if _changes(route.request):
            route.fulfill(json={})
            return
        me = route.fetch().json()
        chosen = {"display_name": "somebody-slow", "time_zone": "Asia/Singapore"}
        route.fulfill(json=me | chosen if next(reads) >= 3 else me)

    page.route("**/v1/users/me", known_after_a_while)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hello, somebody-slow")


def _changes(request: Request) -> bool:
    return request.method == "PATCH"


def _taken(route: Route) -> None:
    """Stands for the write side, which is not behind this site."""
    if _changes(route.request):
        route.fulfill(json={})
    else:
        route.continue_()


def test_the_first_page_of_somebody_who_is_signed_in(page: Page, site: Site) -> None:
    signed_in(page, site.url)
    page.goto(site.url)
    drawn(page)
    assert page.locator("h1").inner_text().startswith("Hello, ")
    assert page.get_by_role("link", name="Record a talk").get_attribute("href") == "/record"
    assert page.locator("a[href^='/wrapped?session=']").count() > 3
    page.get_by_role("link", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who says lah the most?")
    assert page.context.cookies() == []


def test_a_group_is_made_on_the_first_page(page: Page, site: Site) -> None:
    signed_in(page, site.url)
    made = {"group_id": GROUP, "request_id": "r", "outcome": "accepted"}
    page.route("**/v1/groups", lambda route: route.fulfill(json=made))
    page.goto(site.url)
    drawn(page)
    page.get_by_text("Make a new group").click()
    page.get_by_label("Its name").fill("Friday makan")
    with page.expect_request("**/v1/groups") as asked:
        page.get_by_role("button", name="Make it").click()
    assert asked.value.post_data_json == {"name": "Friday makan"}
    page.wait_for_url(f"**/wrapped?group={GROUP}")


def test_the_sample_waits_for_who_has_to_sign_in_first(page: Page, site: Site) -> None:
    page.goto(site.url)
    page.get_by_role("button", name="Try it with a sample").click()
    page.wait_for_url("**/sign-in?after=%2F%3Fsample")


def test_what_cannot_be_undone_is_asked_twice(page: Page, site: Site) -> None:
    signed_in(page, site.url)
    sent: list[str] = []
    page.route("**/v1/users/me/sign-out", lambda route: _noted(route, sent))
    page.goto(f"{site.url}/settings")
    page.get_by_role("button", name="Sign out everywhere").click()
    assert sent == []
    page.get_by_role("button", name="Yes, everywhere").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who says lah the most?")
    assert sent == ["POST"]


def _noted(route: Route, sent: list[str]) -> None:
    sent.append(route.request.method)
    route.fulfill(json={})


def test_my_data_is_one_file(page: Page, site: Site) -> None:
    signed_in(page, site.url, "nobody-yet")
    page.goto(f"{site.url}/settings")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Download my data").click()
    assert "my-data.json" in zipfile.ZipFile(saved.value.path()).namelist()


def test_a_link_that_was_taken_back_says_so(page: Page, site: Site) -> None:
    answer = page.goto(f"{site.url}/share/{'a' * 26}")
    assert answer is not None
    assert answer.status == 404
    drawn(page)
    expect(page.locator("main")).to_contain_text("took this link back")
    page.get_by_role("link", name="To the first page").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who says lah the most?")


def test_by_keys_alone(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/sign-in")
    drawn(page)
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "name":
            break
    page.keyboard.type("demo-owner")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")
