"""The three shapes of a share card, and where everything stands on them, in pixels."""

from dataclasses import dataclass


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


@dataclass(frozen=True)
class Box:
    """A rectangle, in pixels."""

    x: float
    y: float
    across: float
    down: float

    @property
    def right(self) -> float:
        """The x of its right edge."""
        return self.x + self.across

    @property
    def bottom(self) -> float:
        """The y of its lower edge."""
        return self.y + self.down

    def narrowed(self, by: float) -> "Box":
        """As high, with so much less at both sides."""
        return Box(self.x + by, self.y, self.across - 2 * by, self.down)


@dataclass(frozen=True)
class Band:
    """A part of a card's height, in pixels."""

    y: float
    down: float


@dataclass(frozen=True)
class Form:
    """A shape, in pixels. `badge_y` and `name_y` are baselines.

    The title has at most so many `lines`. `panel` has the words, of which the first is `hero` high,
    and so many `chips` follow. It goes from `panel_x` to the end of the column, as `fact` does.
    """

    across: int
    down: int
    art: ArtPlace
    column: Column
    badge_y: float
    name_y: float
    title: Band
    lines: int
    panel: Band
    panel_x: float
    hero: float
    chips: int
    fact: Band

    @property
    def panel_box(self) -> Box:
        """Where the words are."""
        return self._box(self.panel)

    @property
    def fact_box(self) -> Box:
        """Where the fact is."""
        return self._box(self.fact)

    def _box(self, band: Band) -> Box:
        end = self.column.x + self.column.across
        return Box(self.panel_x, band.y, end - self.panel_x, band.down)


SHAPES = {
    "story": Form(
        1080,
        1920,
        ArtPlace(540, 470, 650, end=1080),
        Column(70, 940, middle=True),
        badge_y=1884,
        name_y=942,
        title=Band(962, 215),
        lines=2,
        panel=Band(1206, 462),
        panel_x=70,
        hero=158,
        chips=4,
        fact=Band(1702, 116),
    ),
    "square": Form(
        1080,
        1080,
        ArtPlace(268, 290, 400, end=530),
        Column(536, 496, middle=False),
        badge_y=100,
        name_y=208,
        title=Band(232, 210),
        lines=2,
        panel=Band(556, 356),
        panel_x=50,
        hero=128,
        chips=4,
        fact=Band(940, 92),
    ),
    "wide": Form(
        1200,
        630,
        ArtPlace(218, 300, 340, end=436),
        Column(444, 716, middle=False),
        badge_y=62,
        name_y=122,
        title=Band(132, 96),
        lines=1,
        panel=Band(246, 240),
        panel_x=444,
        hero=108,
        chips=3,
        fact=Band(512, 82),
    ),
}
