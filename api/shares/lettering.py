"""Text that people typed, as lines of a card: cleaned, in the order of its scripts, cut to fit."""

import unicodedata
from bisect import bisect_right
from functools import lru_cache
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import NamedTuple

from api.shares.faces import EM, face_of, outlined
from schemas.names import BIDI_CONTROLS, FORBIDDEN, is_character

JOINER = "\u200d"
UNSEEN = frozenset("\u200b\u200c\u200d\u2060\ufe0e\ufe0f\ufeff\u00ad")
"""Signs that a face need not have: they only say how others are drawn."""
ELLIPSIS = "…"
LEFTWARD = frozenset({"R", "AL"})
"""Directions of letters, as Unicode names them, that are written from right to left."""


class Line(NamedTuple):
    """A line as an SVG path from the origin, `across` ems wide."""

    path: str
    across: float


class Run(NamedTuple):
    """Neighbours in one face and of one direction."""

    face: int
    leftward: bool
    text: str


def cleaned(text: str) -> str:
    """The text in one line, without characters that no XML may hold and none that nobody sees."""
    composed = unicodedata.normalize("NFC", text)
    spaced = [" " if one.isspace() else one for one in composed]
    kept = "".join(one for one in spaced if _is_text(one))
    return " ".join(kept.split())


def _is_text(character: str) -> bool:
    return (
        is_character(character)
        and character not in BIDI_CONTROLS
        and unicodedata.category(character) not in FORBIDDEN
    )


@lru_cache(4096)
def line(text: str, weight: int) -> Line:
    """The text as outlines. Signs that no face has are left out."""
    path: list[str] = []
    across = 0.0
    for run in _in_order(_runs(text)):
        drawn, wide = outlined(run.text, run.face, weight, leftward=run.leftward)
        path.append(f'<path transform="translate({across:.0f} 0)" d="{drawn}"/>')
        across += wide
    return Line("".join(path), across / EM)


def _runs(text: str) -> list[Run]:
    """The text in pieces of one face and direction each, in the order in which it is read."""
    known: list[Run] = []
    base = is_leftward(text)
    for cluster in clusters(text):
        before = known[-1] if known else None
        face = _face(cluster, before)
        if face is not None:
            known.append(
                Run(face, _leftward(cluster, before.leftward if before else base), cluster)
            )
    found: list[Run] = []
    for (face, leftward), piece in groupby(known, key=itemgetter(0, 1)):
        found.append(Run(face, leftward, "".join(run.text for run in piece)))
    return found


def _face(cluster: str, before: Run | None) -> int | None:
    letters = "".join(letter for letter in cluster if letter not in UNSEEN)
    if not letters:
        return None
    if letters == " " and before is not None:
        return before.face
    return face_of(letters)


def is_leftward(text: str) -> bool:
    """Whether the first letter with a direction is written from right to left."""
    directions = (unicodedata.bidirectional(letter) for letter in text)
    return next(
        (one in LEFTWARD for one in directions if one in {"L", *LEFTWARD}),
        False,
    )


def _leftward(cluster: str, before: bool) -> bool:
    direction = unicodedata.bidirectional(cluster[0])
    if direction in {"L", "EN"}:
        return False
    return direction in LEFTWARD or before


def _in_order(found: list[Run]) -> list[Run]:
    """The runs from left to right: neighbours of the direction that is not the line's turn back."""
    base = bool(found) and found[0].leftward
    ordered: list[Run] = []
    for leftward, runs in groupby(found, key=attrgetter("leftward")):
        piece = list(runs)
        ordered += piece if leftward == base else piece[::-1]
    return ordered[::-1] if base else ordered


def clusters(text: str) -> list[str]:
    """The text in pieces that people see as one sign each: cutting elsewhere makes another one."""
    found: list[str] = []
    for character in text:
        if found and _belongs(character, found[-1]):
            found[-1] += character
        else:
            found.append(character)
    return found


def _belongs(character: str, before: str) -> bool:
    if before.endswith(JOINER) or character in UNSEEN:
        return True
    if _is_half_of_a_flag(character) and _is_half_of_a_flag(before):
        return True
    is_skin = 0x1F3FB <= ord(character) <= 0x1F3FF
    return is_skin or unicodedata.category(character)[0] == "M"


def _is_half_of_a_flag(text: str) -> bool:
    return len(text) == 1 and 0x1F1E6 <= ord(text) <= 0x1F1FF


def fitted(text: str, weight: int, most: float) -> Line:
    """The text, or its beginning and an ellipsis, in at most `most` ems."""
    whole = line(text, weight)
    if whole.across <= most:
        return whole
    pieces = clusters(text)

    def beginning(kept: int) -> Line:
        return line("".join(pieces[:kept]).rstrip() + ELLIPSIS, weight)

    # Halved again and again: a name of 200 letters would be drawn 200 times.
    fitting = bisect_right(range(1, len(pieces)), most, key=lambda kept: beginning(kept).across)
    return beginning(fitting)
