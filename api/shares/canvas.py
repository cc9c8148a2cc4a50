"""SVG elements of a share card."""

from dataclasses import dataclass
from xml.sax.saxutils import escape

FONT = "Roboto, 'Helvetica Neue', Arial, sans-serif"


@dataclass(frozen=True)
class Shape:
    """Width and height in pixels; `unit`: pixels of a unit; `row`: units that one word takes."""

    width: int
    height: int
    unit: float
    row: float


class Canvas:
    """Collects elements. Positions and sizes are in units of the shape, from the top left."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self._parts: list[str] = []

    def _px(self, units: float) -> str:
        return f"{units * self.shape.unit:.0f}"

    def begin(self, title: str, description: str) -> None:
        """The root, with what screen readers read."""
        self._parts.append(
            f'<svg xmlns="http://www.w3.org/2000/svg" '
            f'width="{self.shape.width}" height="{self.shape.height}" '
            f'role="img" aria-labelledby="t d" font-family="{FONT}">'
        )
        self._parts.append(
            f'<title id="t">{escape(title)}</title><desc id="d">{escape(description)}</desc>'
        )

    def background(self, paper: str, stripe: str) -> None:
        """The whole card, and a stripe along its top."""
        height = self._px(0.6)
        self._parts.append(
            f'<rect width="100%" height="100%" fill="{paper}"/>'
            f'<rect width="100%" height="{height}" fill="{stripe}"/>'
        )

    def text(
        self,
        y: float,
        size: float,
        text: str,
        colour: str,
        *,
        bold: bool = False,
        x: float = 1.5,
    ) -> None:
        """One line of text; `y` is its baseline."""
        weight = ' font-weight="700"' if bold else ""
        self._parts.append(
            f'<text x="{self._px(x)}" y="{self._px(y)}" font-size="{self._px(size)}" '
            f'fill="{colour}"{weight}>{escape(text)}</text>'
        )

    def bar(self, y: float, length_px: float, colour: str) -> None:
        """A bar in the column of bars; `y` is its top."""
        self._parts.append(
            f'<rect x="{self._px(6.5)}" y="{self._px(y)}" width="{length_px:.0f}" '
            f'height="{self._px(0.95)}" fill="{colour}"/>'
        )

    def finished(self) -> str:
        """The document."""
        return "\n".join([*self._parts, "</svg>"])
