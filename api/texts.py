"""The words that people read, in one file for the pages and the pictures of this side."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "pages" / "static" / "texts.en.json"


@cache
def _all() -> dict[str, Any]:
    """The file. Blocks the first time."""
    loaded: dict[str, Any] = json.loads(FILE.read_text())
    return loaded


def say(name: str, n: float | None = None, **values: str) -> str:
    """The text of a dotted name, filled in. `n` chooses between one and many, and fills `{n}`.

    KeyError for a name that the file does not have.
    """
    found: Any = _all()
    for part in name.split("."):
        found = found[part]
    if isinstance(found, dict):
        found = found["one" if n == 1 else "other"]
    if n is not None:
        values["n"] = f"{n:,}"
    return str(found.format(**values))
