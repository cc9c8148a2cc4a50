"""Lengths of talks in the unit that people use."""

from playwright.sync_api import Browser

from tests.browser.pages_alone import page_alone

TOLD = {
    1: "1 second",
    24: "24 seconds",
    89: "89 seconds",
    108: "2 minutes",
    3600: "60 minutes",
    7560: "2.1 hours",
}
LENGTHS = """async (all) => {
  const { lasting } = await import("/wrapped/dom.js");
  const texts = await (await fetch("/wrapped/texts.en.json")).json();
  return all.map((seconds) => lasting(1000 * seconds, texts.places));
}"""


def test_a_length_is_told_in_seconds_minutes_or_hours(chromium: Browser) -> None:
    with page_alone(chromium, lambda route: route.abort()) as page:
        assert page.evaluate(LENGTHS, list(TOLD)) == list(TOLD.values())
