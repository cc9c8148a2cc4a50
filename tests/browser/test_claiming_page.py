"""Claiming on the real stack: the page follows a recording, plays a clip, and claims voices."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest
from playwright.sync_api import Page, expect

from deploy.demo.phone_session import About, record
from deploy.devstack.running_stack import RECORDINGS, RunningStack
from deploy.uuid7 import new_session_id
from deploy.waiting import until
from producers.phone.client import Phone
from tests.browser.looking import SHOWN, heading, sign_in
from tests.integration.people import Person

READY_MS = 300_000
TALK = RECORDINGS / "traps_2spk.flac"
HELD_FROM_S = 40


@pytest.fixture
def people(stack: RunningStack) -> tuple[Person, Person, str]:
    """The owner, a friend of theirs, and their group."""
    stamp = str(time.time_ns())
    owner = Person(stack.settings, f"owner-{stamp}")
    friend = Person(stack.settings, f"friend-{stamp}")
    friend.done("PATCH", "/v1/users/me", {"display_name": "Mei Ling"})
    group = owner.done("POST", "/v1/groups", {"name": "Friday makan"})
    friend.done("POST", "/v1/groups/join", {"invite_code": group["invite_code"]})
    return owner, friend, str(group["group_id"])


@contextmanager
def recorded(stack: RunningStack, owner: Person, group_id: str) -> Iterator[str]:
    """The id of a session of which the phone keeps a part back, until the end of the block."""
    session_id = new_session_id()
    may_end = Event()
    phone = Phone(stack.settings.url("gateway"), owner.token)

    def pace(seconds: float) -> float:
        if seconds > HELD_FROM_S:
            may_end.wait(READY_MS / 1000)
        return 0.0

    about = About(group_id=group_id)
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(record, phone, session_id, TALK, pace, lambda _: None, about)
        try:
            yield session_id
        finally:
            may_end.set()
        sending.result()
    phone.close()


def go(page: Page, owner: Person, stack: RunningStack, session_id: str) -> None:
    sign_in(page, stack.settings.url("front"), owner.user)
    page.goto(f"{stack.settings.url('front')}/wrapped?session={session_id}")


def counts(page: Page) -> int:
    return int(page.locator(f"{SHOWN} .big").inner_text().replace(",", ""))


def test_from_stop_to_claimed(
    page: Page, stack: RunningStack, people: tuple[Person, Person, str]
) -> None:
    owner, friend, group_id = people
    with recorded(stack, owner, group_id) as session_id:
        path = f"/v1/sessions/{session_id}"
        until(lambda: owner.get(path).status_code, lambda status: status == 200)
        go(page, owner, stack, session_id)
        expect(page.locator("h2", has_text="Still counting")).to_be_visible()
    expect(page.locator("h2", has_text="This talk, counted")).to_be_visible(timeout=READY_MS)
    while not heading(page).startswith("Voice "):
        page.keyboard.press("ArrowRight")
    clip = page.locator(f"{SHOWN} audio")
    clip.evaluate(
        "clip => { clip.src = clip.src.replace(/Signature=.{8}/, 'Signature=00000000'); }"
    )  # as it is when it was good once
    with page.expect_response(
        lambda answer: "/clips/" in answer.url and "Signature=0000" not in answer.url
    ):
        clip.evaluate("clip => clip.play().catch(() => 0)")
    assert (
        clip.evaluate("clip => clip.play().then(() => clip.duration)") > 0.5
    )  # heard from the store, which the page's policy allows
    mine = counts(page)
    page.locator(f"{SHOWN} button.me").click()
    expect(page.locator(f"{SHOWN} .claim p")).to_have_text("Claimed by you.")
    until(
        lambda: owner.read("/v1/users/me/stats?period=all")["counts"],
        lambda counted: counted == mine,
    )
    page.locator(f"{SHOWN} .claim button").click()
    expect(page.locator(f"{SHOWN} .claim p")).to_have_text("Whose voice is this?")
    until(
        lambda: owner.read("/v1/users/me/stats?period=all")["counts"], lambda counted: counted == 0
    )
    page.locator(f"{SHOWN} .claim select").select_option(friend.user)
    page.locator(f"{SHOWN} .claim button", has_text="It is theirs").click()
    expect(page.locator(f"{SHOWN} .claim p")).to_have_text(
        "Mei Ling was asked whether this is their voice."
    )

    page.keyboard.press("ArrowRight")
    page.locator(f"{SHOWN} .claim input").fill("Uncle <b>Bob</b>")
    page.locator(f"{SHOWN} .claim button", has_text="Name the guest").click()
    expect(page.locator(f"{SHOWN} h2")).to_have_text("Uncle <b>Bob</b>")

    while heading(page) != "Not quite right?":
        page.keyboard.press("ArrowRight")
    assert_put_together(
        page, lambda: corrected(page, "How many people talked?", "Count again"), voices=1
    )
    assert_put_together(page, lambda: corrected(page, "The voice of two", "They are two"), voices=2)
    page.locator(f"{SHOWN} select[aria-label='And this voice']").wait_for()
    assert_put_together(
        page, lambda: page.locator(f"{SHOWN} button", has_text="They are one").click(), voices=1
    )


def corrected(page: Page, label: str, button: str) -> None:
    page.locator(f"{SHOWN} select[aria-label='{label}']").select_option(index=0)
    page.locator(f"{SHOWN} button", has_text=button).click()


def assert_put_together(page: Page, correct: Callable[[], None], voices: int) -> None:
    """The page waits for the new generation, shows its table, and goes to the next correction."""
    correct()
    expect(page.locator(f"{SHOWN} h2")).to_have_text("Everybody together", timeout=60_000)
    expect(page.locator(f"{SHOWN} .facts strong").first).to_have_text(str(voices))
    while heading(page) != "Not quite right?":
        page.keyboard.press("ArrowRight")
