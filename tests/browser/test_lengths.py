"""Lengths of talks in the unit that people use, and shares of them in per cent."""

from playwright.sync_api import Page

from schemas.limits import FIRST_DAY, LAST_DAY

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


SHARES = """async (all) => {
  const { percent } = await import("/wrapped/dom.js");
  return all.map(percent);
}"""


AHEAD = """async (card) => {
  const { percentile } = await import("/wrapped/own.js");
  const texts = await (await fetch("/wrapped/texts.en.json")).json();
  return percentile(card, texts.percentile).map((told) => told.textContent);
}"""


def test_a_percentile_is_of_the_others(files: Page) -> None:
    """Before, of everybody: somebody alone in front was ahead of all 20, and one of them."""
    found = files.evaluate(AHEAD, {"percentile": 100, "people": 20})
    assert found == ["100%", "of 19 other people said less than you."]


COVER = """async (story) => {
  const { cover } = await import("/wrapped/periods.js");
  const texts = await (await fetch("/wrapped/texts.en.json")).json();
  return cover("", "big", story, story.period, texts).body.map((told) => told.textContent);
}"""


def test_all_time_is_no_span_of_days(files: Page) -> None:
    """Before: 2 January 1970 to 5 June 2149, which are the ends of the warehouse's calendar."""
    story = {"period": "all", "from": FIRST_DAY.isoformat(), "to": LAST_DAY.isoformat()}
    week = {"period": "week", "from": "2026-11-23", "to": "2026-11-29"}
    told = files.evaluate(COVER, story)
    of_week = files.evaluate(COVER, week)
    assert told == ["So far", "From the first day on. Tap, swipe, or use the arrow keys."]
    assert of_week[1].startswith("23")


CHANGE = """async ([counts, today]) => {
  const { change } = await import("/wrapped/periods.js");
  const texts = await (await fetch("/wrapped/texts.en.json")).json();
  return change({ change: { counts } }, "2026-12-31", texts.totals, today);
}"""


def test_a_period_that_is_not_over_is_not_said_to_have_fewer(files: Page) -> None:
    """Before, each January had thousands of words fewer than all of the year before."""
    told = {
        (counts, today): len(files.evaluate(CHANGE, [counts, today]))
        for counts in (-7, 0, 7)
        for today in ("2026-01-01", "2026-12-31", "2027-01-01")
    }
    fewer = (-7, "2027-01-01")
    more = {(7, "2026-01-01"), (7, "2026-12-31"), (7, "2027-01-01")}
    assert {asked for asked, facts in told.items() if facts} == {fewer, *more}


def test_all_of_the_talking_is_said_of_all_alone(files: Page) -> None:
    """Before, one voice had 100 per cent and the other one 0."""
    found = files.evaluate(SHARES, [1, 0.997, 0.503, 0.003, 0])
    assert found == [100, 99, 50, 1, 0]


def test_a_length_is_told_in_seconds_minutes_or_hours(files: Page) -> None:
    assert files.evaluate(LENGTHS, list(TOLD)) == list(TOLD.values())
