"""From an address on a phone to a card that is passed on: one person, one talk, the real stack."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from deploy.benchmark.recorder import Sent
from deploy.devstack.running_stack import RunningStack
from deploy.waiting import until
from tests.browser.conftest import FLAGS, PHONE
from tests.browser.recordings import Lab, Recorder
from tests.end_to_end.same_audio import SECONDS, sent_as_flac, talk
from tests.end_to_end.screens import FirstPage, LastSlide, SharedCard, Story
from tests.integration.people import Person

CUT_AT_S = 22
CUT_S = 15
LEAST_WAITING_S = 12
RELOAD_AT_S = 45
RELOAD_S = 1.5
"""People talk on while the page is loaded again."""
WORDS_MS = 120_000


@pytest.fixture
def playwright() -> Iterator[Playwright]:
    """The driver, for this test alone: while it is there no other test may run an event loop."""
    with sync_playwright() as found:
        yield found


@pytest.fixture
def somebody_else(playwright: Playwright) -> Iterator[Browser]:
    """A browser of a person who is not signed in."""
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
    yield browser
    browser.close()


@pytest.mark.alone  # a microphone does not wait for a busy machine
def test_a_talk_is_recorded_counted_claimed_and_passed_on(
    playwright: Playwright, somebody_else: Browser, stack: RunningStack, tmp_path: Path
) -> None:
    lab = Lab(playwright, stack, tmp_path)
    sent = Sent()
    lab.hears(talk())
    with lab.browser(sent, "microphone") as phone:
        FirstPage(phone.page, phone.url).sign_in("alice").is_for("Alice Tan").record_a_talk()
        recorded(lab, phone)
        counted(phone)
        twin = sent_as_flac(stack, sent, tmp_path)
        alice = Person(stack.settings, "alice")
        claimed_and_passed_on(phone, alice, somebody_else)
    assert twin.differences(alice) == []


def recorded(lab: Lab, phone: Recorder) -> None:
    """A minute of talk with a dead network and a reload in it; its words come before its end."""
    phone.drawn()
    phone.start()
    began = time.monotonic()
    without_a_network(phone)
    phone.until_talked(RELOAD_AT_S)
    lab.hears(talk(time.monotonic() - began + RELOAD_S))
    phone.reload()
    phone.until_talked(SECONDS)
    expect(phone.page.locator("#voices strong").first).to_be_visible(timeout=WORDS_MS)
    phone.stop()


def without_a_network(phone: Recorder) -> None:
    phone.until_talked(CUT_AT_S)
    phone.context.set_offline(True)
    phone.says("No connection")
    phone.until_talked(CUT_AT_S + CUT_S)
    assert phone.seconds("waits") >= LEAST_WAITING_S
    phone.context.set_offline(False)


def counted(phone: Recorder) -> None:
    """The final table, which adds up."""
    phone.page.get_by_role("link", name="See it counted").click()
    story = Story(phone.page).until_counted()
    assert story.go_to("Everybody together").figure() == sum(story.voices().values())


def claimed_and_passed_on(phone: Recorder, alice: Person, somebody_else: Browser) -> None:
    """The voice that said most is claimed; its Wrapped becomes a card, with a link for a while."""
    story = Story(phone.page)
    voices = story.voices()
    mine = max(voices, key=lambda voice: voices[voice])
    story.claim(mine)
    own = "/v1/users/me/stats?period=all"
    until(lambda: alice.read(own)["counts"], voices[mine].__eq__)  # the warehouse is a little later
    assert story.to_own_wrapped().go_to("You said it").figure() == voices[mine]
    last = LastSlide(phone.page)
    assert last.card_size() == [1080, 1920]
    shared = SharedCard(somebody_else.new_page(viewport=PHONE), last.make_a_link())
    shared.shows_the_card()
    last.revoke()
    shared.is_gone()
