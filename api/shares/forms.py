"""The three shapes of a share card, and where everything stands on them, in pixels."""

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class ArtPlace:
    """Where the art is: its middle and its size; nothing of it stands right of `end`."""

    x: float
    y: float
    size: float
    end: float


@dataclass(frozen=True)
class Column:
    """Where the words of a card stand: from `x`, `across` wide; `middle`: centred."""

    x: float
    across: float
    middle: bool

    @property
    def anchor(self) -> str:
        """Where `at` is in a line."""
        return "middle" if self.middle else "start"

    @property
    def at(self) -> float:
        """The x of a line's anchor."""
        return self.x + self.across / 2 if self.middle else self.x


class Box(NamedTuple):
    """A rectangle, in pixels."""

    x: float
    y: float
    across: float
    down: float


@dataclass(frozen=True)
class Form:
    """A shape, in pixels. `badge_y` and `name_y` are baselines.

    `title` is the box of the title, `panel` that of the words, `fact` that of the fact: y, height.
    """

    across: int
    down: int
    art: ArtPlace
    column: Column
    badge_y: float
    name_y: float
    title: tuple[float, float]
    lines: int
    panel: tuple[float, float]
    panel_x: float
    hero: float
    chips: int
    fact: tuple[float, float]


SHAPES = {
    "story": Form(
        1080,
        1920,
        ArtPlace(540, 470, 650, end=1080),
        Column(70, 940, middle=True),
        badge_y=1884,
        name_y=942,
        title=(962, 215),
        lines=2,
        panel=(1206, 462),
        panel_x=70,
        hero=158,
        chips=4,
        fact=(1702, 116),
    ),
    "square": Form(
        1080,
        1080,
        ArtPlace(268, 290, 400, end=530),
        Column(536, 496, middle=False),
        badge_y=100,
        name_y=208,
        title=(232, 210),
        lines=2,
        panel=(556, 356),
        panel_x=50,
        hero=128,
        chips=4,
        fact=(940, 92),
    ),
    "wide": Form(
        1200,
        630,
        ArtPlace(218, 300, 340, end=436),
        Column(444, 716, middle=False),
        badge_y=62,
        name_y=122,
        title=(132, 96),
        lines=1,
        panel=(246, 240),
        panel_x=444,
        hero=108,
        chips=3,
        fact=(512, 82),
    ),
}
