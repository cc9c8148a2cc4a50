"""The words that people read: one file a language, for pages and pictures of this side."""

import json
import re
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Literal

Language = Literal["en", "zh"]
ENGLISH: Language = "en"
PLACE = re.compile(r"\{(?P<name>\w+)(?:\|(?P<one>[^|}]*)\|(?P<other>[^}]*))?\}")
PAGES = Path(__file__).parent / "pages"


Text = str | list[str] | Mapping[str, "Text"]
"""Behind a name of a file of texts: a text, a list of them, or more names."""


@cache
def _file(name: str) -> Mapping[str, Text]:
    """A file of texts. Blocks the first time."""
    loaded: Mapping[str, Text] = json.loads((PAGES / name).read_text())
    return loaded


def say(name: str, n: int | None = None, language: Language = ENGLISH, **values: str) -> str:
    """The text of a dotted name, filled in as the pages do it. `n` is the number that it is about.

    `{n|word|words}` is the first word for one, else the second, in which `#` is the number.
    KeyError for a name that the file does not have.
    """
    if n is not None:
        values["n"] = f"{n:,}"
    return PLACE.sub(partial(_filled, values), str(_named(name, language)))


def listed(name: str, language: Language = ENGLISH) -> list[str]:
    """A text that is a list, of weekdays for instance."""
    return list(_named(name, language))


def _named(name: str, language: Language) -> Text:
    found: Text = _file(f"static/texts.{language}.json")
    for part in name.split("."):
        assert isinstance(found, Mapping)
        found = found[part]
    return found


def translated(sentence: str, language: Language) -> str:
    """A sentence of an answer in another language; as it is where that has no words for it."""
    if language == ENGLISH:
        return sentence
    known = _file(f"site/answers.{language}.json")["said"]
    assert isinstance(known, Mapping)
    return str(known.get(sentence, sentence))


def _filled(values: dict[str, str], place: re.Match[str]) -> str:
    value = values[place["name"]]
    if place["other"] is None:
        return value
    chosen = place["one"] if value == "1" else place["other"]
    return chosen.replace("#", value)
