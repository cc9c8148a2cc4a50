"""Names that people type: of themselves, of guests, of groups. Pure."""

import unicodedata

from schemas.limits import NAME

BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn the text around a name, which then reads as another one."""
FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters and signs without a shape."""
EDGES = "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""Zero width, and marks of a direction.

At the edge of a name they only make it differ from one that looks the same.
"""
FORBIDDEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""General categories: controls, halves of surrogate pairs, line and paragraph separators."""


def name_of(text: str) -> str:
    """Return the name in NFC, without blanks at its edges.

    Raises ValueError, for people to read, for a name that is empty, invisible or too long, and for
    one with characters that are no text.
    """
    name = _trimmed(unicodedata.normalize("NFC", text))
    if any(_is_forbidden(character) for character in name):
        raise ValueError("a name has no control characters and none that change the direction")
    if not any(_is_visible(character) for character in name):
        raise ValueError("a name has at least one character that can be seen")
    if not NAME.holds(len(name)):
        raise ValueError(f"a name has {NAME}")
    return name


def _trimmed(text: str) -> str:
    before = ""
    while text != before:
        before = text
        text = text.strip().strip(EDGES)
    return text


def _is_forbidden(character: str) -> bool:
    if character in BIDI_CONTROLS or unicodedata.category(character) in FORBIDDEN:
        return True
    return not is_character(character)


def is_character(code_point: str) -> bool:
    """Return whether it is one. No XML may hold a noncharacter, and a share card is one."""
    code = ord(code_point)
    return code & 0xFFFE != 0xFFFE and not 0xFDD0 <= code <= 0xFDEF


def _is_visible(character: str) -> bool:
    return character not in FILLERS and unicodedata.category(character)[0] in "LNPS"


def id_of(text: str) -> str:
    """Return an id as it came. Raises ValueError for one with characters that nobody can see."""
    if not text.isprintable():
        raise ValueError("an id has characters that can be printed, and no others")
    return text
