"""Screens of the product as a person goes through them. Each step ends where the next begins."""

from playwright.sync_api import Page, expect

from api.shares.service import CARD_S
from deploy.waiting import until
from tests.browser.looking import SHOWN, heading

COUNTED_MS = 120_000


class FirstPage:
    """`/`, and the ways that begin there."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def sign_in(self, login: str) -> "FirstPage":
        """At the identity provider, with consent; then a name for who is here the first time."""
        page = self.page
        page.goto(self.url)
        page.locator("main").get_by_role("link", name="Sign in").click()
        page.wait_for_url("**/sign-in**")
        page.locator("main").get_by_role("link", name="Sign in").click()
        page.locator("input[name=login]").fill(login)
        page.locator("input[name=password]").fill("any")
        page.locator("button[type=submit]").click()
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("button", name="Begin").click()
        return self

    def is_for(self, name: str) -> "FirstPage":
        """The page greets the person who is signed in."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(f"Hello, {name}")
        return self

    def record_a_talk(self) -> None:
        """To the recorder."""
        self.page.get_by_role("link", name="Record a talk").click()


class Story:
    """Slides: of a talk, or of a person's period."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def until_counted(self) -> "Story":
        """A talk's page waits by itself until the final table is there."""
        first = self.page.locator("h2", has_text="This talk, counted")
        expect(first).to_be_visible(timeout=COUNTED_MS)
        return self

    def go_to(self, title: str) -> "Story":
        """Forward to the slide whose title begins so; from the first one when it is behind."""
        self.page.keyboard.press("Home")
        while not heading(self.page).startswith(title):
            assert self.page.locator("#next").is_enabled(), f"there is no slide {title!r}"
            self.page.keyboard.press("ArrowRight")
        return self

    def go_on(self) -> "Story":
        """To the next slide."""
        self.page.keyboard.press("ArrowRight")
        return self

    def figure(self) -> int:
        """The large number of the slide."""
        return int(self.page.locator(f"{SHOWN} .big").inner_text().replace(",", ""))

    def voices(self) -> dict[str, int]:
        """The number of each voice, by the title of its slide."""
        found: dict[str, int] = {}
        self.go_to("Voice ")
        while heading(self.page).startswith("Voice "):
            found[heading(self.page)] = self.figure()
            self.go_on()
        return found

    def claim(self, voice: str) -> None:
        """That is me."""
        self.go_to(voice)
        self.page.locator(f"{SHOWN} button.me").click()
        told = self.page.locator(f"{SHOWN} .claim p")
        expect(told).to_have_text("Claimed by you.")

    def to_own_wrapped(self) -> "Story":
        """By the way at the end of a talk's story."""
        self.page.keyboard.press("End")
        self.page.locator(SHOWN).get_by_role("link", name="My Wrapped").click()
        self.page.wait_for_url("**/wrapped")
        self.page.wait_for_selector("h1:text('Your Singlish, counted')", state="attached")
        return self


class LastSlide:
    """The card of a Wrapped, and its link."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.keyboard.press("End")

    def card_size(self) -> list[int]:
        """Pixels of the card, once it is drawn."""
        sizes = "[one.naturalWidth, one.naturalHeight]"
        size = f"one => one.decode().then(() => {sizes}, () => [])"
        preview = self.page.locator(f"{SHOWN} .preview")
        found: list[int] = until(lambda: preview.evaluate(size), bool)
        return found

    def make_a_link(self) -> str:
        """The address to pass on."""
        self.page.locator("#link").click()
        return str(self.page.locator(f"{SHOWN} [role=status] a").get_attribute("href"))

    def revoke(self) -> None:
        """The link leads nowhere any more."""
        self.page.locator("#revoke").click()
        expect(self.page.locator(f"{SHOWN} [role=status]")).to_have_text(
            "The link leads nowhere any more."
        )


class SharedCard:
    """The page behind a link, for somebody who is not signed in."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    def shows_the_card(self) -> None:
        """The picture is there, and the way for whoever wants one of their own."""
        assert self._status() == 200
        wide = "picture => picture.decode().then(() => picture.naturalWidth)"
        assert self.page.locator("main img").evaluate(wide) == 1080
        self.page.get_by_role("link", name="Count your own Singlish").wait_for()

    def _status(self) -> int:
        answer = self.page.goto(self.address)
        assert answer is not None
        return answer.status

    def is_gone(self) -> None:
        """Says so, with a way on. A card may be shown for CARD_S after its link is gone."""
        until(self._status, (404).__eq__, every_s=CARD_S)
        expect(self.page.locator("main")).to_contain_text("took this link back")
