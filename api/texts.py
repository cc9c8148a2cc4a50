"""The words that people read, in one file for the pages and the pictures of this side."""

import json
import re
from functools import cache, partial
from pathlib import Path
from typing import Any

PLACE = re.compile(r"\{(?P<name>\w+)(?:\|(?P<one>[^|}]*)\|(?P<other>[^}]*))?\}")
FILE = Path(__file__).parent / "pages" / "static" / "texts.en.json"


@cache
def _all() -> dict[str, Any]:
    """The file. Blocks the first time."""
    loaded: dict[str, Any] = json.loads(FILE.read_text())
    return loaded


def say(name: str, n: int | None = None, **values: str) -> str:
    """The text of a dotted name, filled in as the pages do it. `n` is the number that it is about.

    `{n|word|words}` is the first word for one, else the second, in which `#` is the number.
    KeyError for a name that the file does not have.
    """
    found: Any = _all()
    for part in name.split("."):
        found = found[part]
    if n is not None:
        values["n"] = f"{n:,}"
    return PLACE.sub(partial(_filled, values), str(found))


def _filled(values: dict[str, str], place: re.Match[str]) -> str:
    value = values[place["name"]]
    if place["other"] is None:
        return value
    chosen = place["one"] if value == "1" else place["other"]
    return chosen.replace("#", value)
