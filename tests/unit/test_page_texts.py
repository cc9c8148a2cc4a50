"""The texts of the pages: every language says the same, and with the same numbers in it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.groups import story as group_story
from api.sessions import slides
from api.sessions.failures import AGAIN, FAILURES, UNCOUNTED
from api.wrapped import story
from api.wrapped.cards import badges, personality
from producers.gateway.rejections import REJECTIONS

PAGES = Path("api/pages")
STORY = PAGES / "static"
SITE = PAGES / "site"
AS_IT_IS = (
    "docs.api.example",
    "docs.analysts.connect_example",
)
"""Commands."""
SLIDE = re.compile(r'^    \["(\w+)", ', re.MULTILINE)
PLACE = re.compile(r"\{(\w+)")


def texts(file: Path) -> dict[str, str]:
    """The texts of a file by their dotted names."""
    return dict(_flat(json.loads(file.read_text()), ""))


def _flat(found: dict[str, Any], before: str) -> Iterator[tuple[str, str]]:
    for name, text in found.items():
        if isinstance(text, dict):
            yield from _flat(text, f"{before}{name}.")
        else:
            yield f"{before}{name}", str(text)


@pytest.mark.parametrize("folder", [STORY, SITE], ids=lambda folder: str(folder.name))
def test_another_language_has_no_text_that_english_lacks_and_the_same_places(folder: Path) -> None:
    english = texts(folder / "texts.en.json")
    mandarin = texts(folder / "texts.zh.json")
    stale = set(mandarin) - set(english)
    assert stale == set(), f"add them to {folder}/texts.en.json, or take them out of texts.zh.json"
    for name, text in mandarin.items():
        assert set(PLACE.findall(text)) == set(PLACE.findall(english[name])), name


@pytest.mark.parametrize("folder", [STORY, SITE], ids=lambda folder: str(folder.name))
def test_every_page_is_whole_in_mandarin(folder: Path) -> None:
    english = {name for name in texts(folder / "texts.en.json") if not name.startswith(AS_IT_IS)}
    lacking = english - set(texts(folder / "texts.zh.json"))
    assert lacking == set(), f"add them to {folder}/texts.zh.json"


@pytest.mark.parametrize(("story", "under"), [("own.js", ""), ("group.js", "group.")])
def test_every_slide_has_a_title(story: str, under: str) -> None:
    """A page with a slide without one would end in an error that nobody sees before a browser."""
    slides = SLIDE.findall((STORY / story).read_text())
    assert slides
    titles = {f"{under}{name}.title" for name in slides}
    lacking = titles - set(texts(STORY / "texts.en.json"))
    assert lacking == set(), f"add them to {STORY}/texts.en.json and texts.zh.json"


def test_a_number_of_things_is_never_before_a_plural_that_does_not_follow_it() -> None:
    things = "word|talk|day|hour|minute|second|person|voice|part|time"
    number = r"\{\w+\}(</strong>)?"
    for name, text in texts(STORY / "texts.en.json").items():
        assert not re.search(rf"{number} ({things})s?\b", text), (name, text)
        assert not re.search(rf"{number}( \w+){{1,2}} ({things})s\b", text), (name, text)


def answers() -> dict[str, dict[str, str]]:
    """The Mandarin of answers of the two sides."""
    found: dict[str, dict[str, str]] = json.loads((SITE / "answers.zh.json").read_text())
    return found


def sentences() -> set[str]:
    """Everything that the read side and the cookbook say to people in whole sentences and names."""
    ways = (story.HOW, group_story.HOW, slides.HOW, badges.RULES)
    names = {f"The {name}" for name in (*personality.NAMES.values(), personality.ELSE)}
    return {
        *(text for way in ways for text in way.values()),
        *names,
        *badges.RULES,
        badges.TOP.name,
        badges.TOP.rule,
        *(told.happened for told in FAILURES.values()),
        AGAIN,
        *UNCOUNTED.values(),
        *(one["question"] for one in json.loads((SITE / "cookbook.json").read_text())["questions"]),
    }


def test_every_sentence_of_the_read_side_has_its_mandarin() -> None:
    lacking = sentences() - set(answers()["said"])
    assert lacking == set(), f"add their Mandarin to {SITE}/answers.zh.json, under `said`"


def test_no_sentence_in_mandarin_is_stale() -> None:
    stale = set(answers()["said"]) - sentences()
    assert stale == set(), f"nothing says them: take them out of {SITE}/answers.zh.json"


def test_every_refusal_of_the_write_side_has_its_mandarin() -> None:
    kinds = {reason.replace("_", "-") for reason in REJECTIONS}
    assert kinds - set(answers()["problems"]) == set()


def test_no_kind_of_problem_in_mandarin_is_stale() -> None:
    folders = ("api", "adapters", "producers")
    code = [path.read_text() for folder in folders for path in Path(folder).rglob("*.py")]
    for kind in answers()["problems"]:
        names = (f'"{kind}"', f'"{kind.replace("-", "_")}"', f'"{kind.removeprefix("no-such-")}"')
        assert any(name in text for text in code for name in names), kind
