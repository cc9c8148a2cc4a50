"""Pictures of our own and emoji, as files: share cards and pages draw with the same ones.

The emoji are of Noto Emoji, Apache-2.0 (see `emoji/README.md`). We drew everything else.
"""

import re
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
PERSONALITIES = HERE / "personalities"
EMOJI = HERE / "emoji"
WARMING_UP = "warming-up"
DOCUMENT = re.compile(
    r'<svg [^>]*viewBox="0 0 (?P<side>\d+) (?P=side)"[^>]*>(?P<elements>.*)</svg>', re.DOTALL
)
VARIATION = "\ufe0f"
"""Asks for the coloured form of a sign. The files leave it out of their names."""


def personality(name: str) -> Path:
    """The picture of "The Dramatic One", as its cards and pages show it."""
    words = name.removeprefix("The ").lower().split()
    return PERSONALITIES / f"{'-'.join(words)}.svg"


def emoji(sign: str) -> Path | None:
    """The picture of an emoji; None for one that no word of the lexicon has."""
    code = "-".join(f"{ord(character):x}" for character in sign.replace(VARIATION, ""))
    found = EMOJI / f"{code}.svg"
    return found if code and found.is_file() else None


@cache
def elements(picture: Path) -> tuple[str, float]:
    """The elements of a square picture, and its side in units of its own. Blocks the first time.

    Ids in the files are unique: the elements of several fit one document.
    """
    found = DOCUMENT.fullmatch(picture.read_text().strip())
    if found is None:
        raise ValueError(f"{picture.name} is no square picture")
    return found["elements"], float(found["side"])
