"""The texts of the pages: every language says the same, and with the same numbers in it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PAGES = Path("api/pages")
STORY = PAGES / "static"
SITE = PAGES / "site"
AS_IT_IS = (
    "card.",
    "docs.api.example",
    "docs.analysts.connect_example",
    "docs.operators.links",
)
"""Share cards, which are pictures in English, commands, and names of boards."""
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
    for name, text in texts(folder / "texts.zh.json").items():
        assert set(PLACE.findall(text)) == set(PLACE.findall(english[name])), name


@pytest.mark.parametrize("folder", [STORY, SITE], ids=lambda folder: str(folder.name))
def test_every_page_is_whole_in_mandarin(folder: Path) -> None:
    english = {name for name in texts(folder / "texts.en.json") if not name.startswith(AS_IT_IS)}
    lacking = english - set(texts(folder / "texts.zh.json"))
    assert lacking == set(), f"add them to {folder}/texts.zh.json"


def test_a_number_of_things_is_never_before_a_plural_that_does_not_follow_it() -> None:
    things = "word|talk|day|hour|minute|second|person|voice|part|time"
    for name, text in texts(STORY / "texts.en.json").items():
        assert not re.search(rf"\{{\w+\}}(</strong>)? ({things})s?\b", text), (name, text)
