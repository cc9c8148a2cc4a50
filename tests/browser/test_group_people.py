"""The people of a group in its story: handed over, removed, left, invited and joined."""

from typing import Any

from playwright.sync_api import Page, Route, expect

from deploy.waiting import until
from tests.browser.conftest import Site, read
from tests.browser.looking import SHOWN, answered, go_to, heading, opened, signed_in


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
