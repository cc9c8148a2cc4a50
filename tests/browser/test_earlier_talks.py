"""Talks before those that a page shows first: they can be found, and erased."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Site
from tests.browser.looking import SHOWN, go_to, opened
from tests.browser.pages_alone import ADDRESS, ME, Network


@pytest.fixture
def network() -> Network:
    network = Network()
    network.answers["/v1/users/me/stats"] = {"counts": 0}
    return network


def test_a_talk_before_the_last_fifty_can_be_erased(signed_in: Page, network: Network) -> None:
    """Before, nobody could, and who was in fifty talks of others had "recorded no talk"."""
    network.answers["/v1/users/me"] = ME | {"keep_transcript_days": 30, "time_zone": ""}
    pages = {
        "": [session(day, owned=False) for day in range(28, 0, -1)],
        "2": [session(day, month=10) for day in range(3, 0, -1)],
        "3": [session(9, month=9, owned=False)],
        "4": [session(9, month=8)],
    }

    def answer(route: Route) -> None:
        (cursor,) = parse_qs(urlsplit(route.request.url).query).get("cursor", [""])
        after = str(int(cursor or 1) + 1)
        route.fulfill(json={"sessions": pages[cursor], "next": after if after in pages else None})

    signed_in.route("**/v1/sessions?*", answer)
    signed_in.goto(f"{ADDRESS}/settings")
    erase = signed_in.get_by_role("button", name="Erase the talk of")
    expect(erase).to_have_count(3)
    signed_in.get_by_role("button", name="Earlier ones").click()
    expect(erase).to_have_count(4)
    expect(signed_in.get_by_role("button", name="Earlier ones")).to_be_hidden()


def test_a_talk_before_the_last_ten_is_found(signed_in: Page, network: Network) -> None:
    """Before, who had claimed a voice of it could not come to let go of that."""
    signed_in.route("**/v1/sessions?*", lambda route: route.fulfill(json=listed(route)))
    signed_in.goto(f"{ADDRESS}/")
    signed_in.get_by_role("button", name="Earlier ones").click()
    expect(signed_in.get_by_role("link", name="minutes")).to_have_count(2)


def test_a_talk_of_a_group_before_the_last_six_is_found(
    page: Page, site: Site, talk: dict[str, Any]
) -> None:
    page.route("**/v1/sessions?*", lambda route: route.fulfill(json=listed(route)))
    opened(page, site, f"?group={talk['group_id']}&period=year")
    go_to(page, "Where it was said")
    links = page.locator(f"{SHOWN} a[href*='session=']")
    expect(links).to_have_count(1)
    page.get_by_role("button", name="Earlier ones").click()
    expect(links).to_have_count(2)


def listed(route: Route) -> dict[str, object]:
    one = session(9 if "cursor" in route.request.url else 10, owned=False)
    return {"sessions": [one], "next": None if "cursor" in route.request.url else "2"}


def session(day: int, *, month: int = 11, owned: bool = True) -> dict[str, object]:
    recorded = f"2026-{month:02}-{day:02}T12:00:00Z"
    talk = {"session_id": recorded, "recorded_at": recorded, "time_zone": "UTC"}
    return {**talk, "owned": owned, "audio_ms": 600_000, "state": "completed"}
