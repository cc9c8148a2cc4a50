"""The correcting slide offers nothing that the fold rejects because others have claimed voices."""

from typing import Any

import pytest
from playwright.sync_api import Page

ME = "mei"
DRAWN = """async ({ session, claims }) => {
  const { asking, correcting } = await import("/wrapped/correcting.js");
  const texts = await (await fetch("/wrapped/texts.en.json")).json();
  const slides = claims.map((claim, n) => ({ speaker: `S${n + 1}`, claim }));
  const told = { table: { speakers: slides.length }, slides };
  const deck = { texts, session, told, me: { user_id: "mei" }, corrections: [] };
  const slide = document.createElement("div");
  slide.append(...correcting(deck).body);
  const labels = [...slide.querySelectorAll("select")].map((one) => one.ariaLabel);
  const both = slide.querySelector(`select[aria-label="${texts.correct.both}"]`);
  const parted = both ? [...both.options].map((one) => one.value) : [];
  return { asked: asking(deck).length, labels, parted, text: slide.textContent };
}"""
POSSIBLE = [{"speakers": 2, "probability": 0.5}, {"speakers": 3, "probability": 0.5}]
COUNT = "How many people talked?"


def claim(kind: str, user: str = "", by: str = ME) -> dict[str, str]:
    return {"kind": kind, "user_id": user, "claimed_by": by, "display_name": "", "guest_name": ""}


def drawn(page: Page, others_claimed: bool, *claims: dict[str, str] | None) -> dict[str, Any]:
    """The slide as it is drawn."""
    session = {"possible_hints": POSSIBLE, "others_claimed": others_claimed}
    found: dict[str, Any] = page.evaluate(DRAWN, {"session": session, "claims": claims})
    return found


def test_a_number_is_offered_while_nobody_else_has_a_voice(files: Page) -> None:
    slide = drawn(files, False, claim("self", ME), None)
    assert slide["asked"] == 1
    assert COUNT in slide["labels"]


def test_else_it_is_said_in_words_that_the_number_stays(files: Page) -> None:
    """Before, it was offered, and rejected."""
    slide = drawn(files, True, claim("self", "ann", "ann"), None)
    assert slide["asked"] == 0
    assert COUNT not in slide["labels"]
    assert "Somebody else has claimed a voice, so the number stays." in slide["text"]


@pytest.mark.parametrize(
    ("of_second", "parted"),
    [
        (None, ["S1", "S2"]),
        (claim("self", ME), ["S1", "S2"]),
        (claim("guest"), ["S1", "S2"]),
        (claim("guest", by=""), ["S1", "S2"]),
        (claim("tag", "ann"), ["S1", "S2"]),
        (claim("self", "ann", "ann"), ["S1"]),
        (claim("user", "ann"), ["S1"]),
        (claim("guest", by="ann"), ["S1"]),
    ],
)
def test_a_voice_that_somebody_else_has_is_no_voice_of_two(
    files: Page, of_second: dict[str, str] | None, parted: list[str]
) -> None:
    """Its person alone may say so."""
    assert drawn(files, False, None, of_second)["parted"] == parted
