"""SVG elements of a share card, in pixels from the top left."""

from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from api import art
from api.shares.faces import EM
from api.shares.forms import Box
from api.shares.lettering import Line, cleaned, fitted, line

HEAVY = 800
SMALLEST = 0.6
"""Of its size, to which a line shrinks before it is cut."""
BEFORE = {"start": 0.0, "middle": 0.5, "end": 1.0}
"""Share of a line that stands before its anchor."""


@dataclass(frozen=True)
class Type:
    """How a line is set: its size in pixels, colour, weight, where `x` is in it, and no cutting."""

    size: float
    fill: str
    weight: int = HEAVY
    anchor: str = "start"
    is_whole: bool = False


class Canvas:
    """Collects elements. It cleans names: no drawing fails for one."""

    def __init__(self, across: int, down: int) -> None:
        self.across = across
        self.down = down
        self._parts: list[str] = []
        self._pictures: set[str] = set()

    def begin(self, title: str, description: str) -> None:
        """The root, with what screen readers read."""
        self._parts.append(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.across}" height="{self.down}" '
            f'viewBox="0 0 {self.across} {self.down}" role="img" aria-labelledby="t d">'
            f'<title id="t">{escape(cleaned(title))}</title>'
            f'<desc id="d">{escape(cleaned(description))}</desc>'
        )

    def gradient(self, name: str, top: str, bottom: str) -> None:
        """A fill from above to below, called `url(#name)`."""
        self._parts.append(
            f'<linearGradient id={quoteattr(name)} x1="0" y1="0" x2="0.35" y2="1">'
            f'<stop offset="0" stop-color={quoteattr(top)}/>'
            f'<stop offset="1" stop-color={quoteattr(bottom)}/></linearGradient>'
        )

    def shape(self, name: str, **attributes: float | str) -> None:
        """An element without text. Underscores in names stand for hyphens."""
        written = _written(attributes)
        self._parts.append(f"<{name}{written}/>")

    def box(self, box: Box, **look: float | str) -> None:
        """A rectangle."""
        self.shape("rect", x=box.x, y=box.y, width=box.across, height=box.down, **look)

    def picture(
        self,
        picture: Path,
        x: float,
        y: float,
        size: float,
        turned: float = 0,
    ) -> None:
        """A square picture, turned by degrees around its middle."""
        elements, side = art.elements(picture)
        if picture.stem not in self._pictures:
            self._pictures.add(picture.stem)
            self._parts.append(f'<defs><g id="{picture.stem}">{elements}</g></defs>')
        place = f"translate({x:.1f} {y:.1f}) scale({size / side:.4f})"
        turn = f" rotate({turned:.0f} {side / 2:.0f} {side / 2:.0f})" if turned else ""
        self.shape("use", href=f"#{picture.stem}", transform=place + turn)

    def measure(self, text: str, size: float, weight: int = HEAVY) -> float:
        """How wide a line is, in pixels."""
        set_line = line(cleaned(text), weight)
        return set_line.across * size

    def text(
        self,
        x: float,
        y: float,
        text: str,
        how: Type,
        most: float = 0,
    ) -> None:
        """One line on the baseline `y`; with `most` never wider than that.

        It is set smaller first, then it is cut. A line that `is_whole` is only set smaller.
        """
        shown = cleaned(text)
        set_line = line(shown, how.weight)
        size = how.size
        if most and set_line.across * size > most:
            size = most / set_line.across
        if size < how.size * SMALLEST and not how.is_whole:
            size = how.size * SMALLEST
            set_line = fitted(shown, how.weight, most / size)
        self._parts.append(_placed(x, y, size, how, shown, set_line))

    def finished(self) -> str:
        """The document."""
        return "\n".join([*self._parts, "</svg>"])


def _placed(
    x: float,
    y: float,
    size: float,
    how: Type,
    text: str,
    drawn: Line,
) -> str:
    """A line of outlines, with its text for those who listen."""
    left = x - BEFORE[how.anchor] * drawn.across * size
    place = f"translate({left:.1f} {y:.1f}) scale({size / EM:.4f})"
    return (
        f"<g transform={quoteattr(place)} fill={quoteattr(how.fill)} "
        f'role="img" aria-label={quoteattr(text)}>{drawn.path}</g>'
    )


def _written(attributes: dict[str, float | str]) -> str:
    """Attributes as SVG writes them, each with a space before it."""
    written = ""
    for name, value in attributes.items():
        hyphened = name.replace("_", "-")
        written += f" {hyphened}={quoteattr(_value(value))}"
    return written


def _value(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")
