"""Pure: colours and pattern of a person's card. Each person keeps theirs; neighbours differ."""

import colorsys
import hashlib
from dataclasses import dataclass

from schemas.ids import UserId

HUES = (
    *(345, 355, 5, 14, 22, 30, 38, 45, 52, 75, 95, 140),
    *(160, 172, 185, 195, 205, 215, 228, 245, 258, 272, 290, 315),
)
"""Degrees that people tell apart. Greens lie far apart, reds close together."""
SHIFTS = (30, -35, 55)
"""Degrees from the hue above to the hue below."""
PATTERNS = ("rays", "dots", "waves", "tiles")


@dataclass(frozen=True)
class Palette:
    """`top` fades into `bottom`; `sun` stands behind the art; `pop` is the colour of figures.

    `pop` is readable on white, white on `deep`, and `deep` on everything else.
    """

    top: str
    bottom: str
    sun: str
    pop: str
    deep: str


@dataclass(frozen=True)
class Look:
    """The colours, the pattern, and a number of one's own that places the small things."""

    palette: Palette
    pattern: str
    seed: int


def look_of(user: UserId, secret: str) -> Look:
    """The look of a user's cards in the installation that has this secret.

    Nobody else can compute the looks of ids that they know, and so find out whose card it is that
    names nobody.
    """
    text = f"{secret}look {user}"
    digest = hashlib.sha256(text.encode()).digest()
    seed = int.from_bytes(digest[:8], "big")
    rest, hue = divmod(seed, len(HUES))
    rest, shift = divmod(rest, len(SHIFTS))
    palette = _palette(HUES[hue], SHIFTS[shift])
    pattern = PATTERNS[rest % len(PATTERNS)]
    return Look(palette, pattern, seed)


def _palette(hue: int, shift: int) -> Palette:
    return Palette(
        top=_colour(hue, 0.58, 0.85),
        bottom=_colour(hue + shift, 0.8, 0.95),
        sun=_colour(hue + shift, 0.95, 1.0),
        pop=_colour(hue, 0.27, 0.9),
        deep=_colour(hue, 0.12, 0.7),
    )


def _colour(hue: int, lightness: float, saturation: float) -> str:
    turn = hue % 360 / 360
    parts = colorsys.hls_to_rgb(turn, lightness, saturation)
    digits = [f"{round(255 * part):02x}" for part in parts]
    return "#" + "".join(digits)
