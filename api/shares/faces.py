"""The fonts of share cards, and the letters of a line as outlines.

Outlines look the same wherever a card is shown, as SVG too, and have an exact width. A renderer
that sets text by itself draws boxes for letters that its font lacks.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import fontpkg_rubik
import manimgx_fonts
import manimgx_fonts_cjk
import uharfbuzz as hb

EM = 1000
"""Units of an em in outlines."""
SIMPLIFIED = 2
"""Place of the simplified Chinese face in its file. Each face of it has kana and Hangul as well."""
NOTO = Path(manimgx_fonts.__file__).parent
CJK = Path(manimgx_fonts_cjk.__file__).parent / "NotoSansCJK-VF.otf.ttc"
LATE = ("NotoEmoji[wght].ttf", "NotoSansSymbols[wght].ttf")
"""Only for signs that no other font has."""


def _files() -> Iterator[tuple[Path, int]]:
    """The files in the order in which a letter is looked for, each with the number of its face."""
    yield fontpkg_rubik.ROOT / "files" / "Rubik[wght].ttf", 0
    yield NOTO / "NotoSans[wght].ttf", 0
    yield CJK, SIMPLIFIED
    for file in sorted(NOTO.glob("*.ttf")):
        if "Italic" not in file.name and file.name not in LATE:
            yield file, 0
    for name in LATE:
        yield NOTO / name, 0


FILES = tuple(_files())


class Pen:
    """Takes the curves of one glyph and writes them as an SVG path, moved to the right."""

    def __init__(self, right: float, up: float) -> None:
        self._right = right
        self._up = up
        self.path: list[str] = []

    def _write(
        self,
        command: str,
        points: tuple[tuple[float, float], ...],
    ) -> None:
        at = " ".join(f"{x + self._right:.0f} {-y - self._up:.0f}" for x, y in points)
        self.path.append(f"{command}{at}")

    def moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802 - names of the library
        """Begin an outline."""
        self._write("M", (point,))

    def lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        """A straight line."""
        self._write("L", (point,))

    def curveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802
        """A cubic curve."""
        self._write("C", points)

    def qCurveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802
        """A quadratic curve."""
        self._write("Q", points)

    def closePath(self) -> None:  # noqa: N802
        """End an outline."""
        self.path.append("Z")


@cache
def _face(number: int) -> hb.Face:
    """A face. Its file is mapped, not read."""
    file, index = FILES[number]
    return hb.Face(hb.Blob.from_file_path(str(file)), index)


@cache
def _font(number: int, weight: int) -> hb.Font:
    font = hb.Font(_face(number))
    font.scale = (EM, EM)
    font.set_variations({"wght": weight})
    return font


@cache
def face_of(letters: str) -> int | None:
    """The first face that has every one of the letters; None when no face has."""
    for number in range(len(FILES)):
        font = _font(number, 400)
        if all(font.get_nominal_glyph(ord(letter)) for letter in letters):
            return number
    return None


def outlined(text: str, face: int, weight: int, *, leftward: bool) -> tuple[str, float]:
    """The letters of one face as an SVG path from the origin, and how wide they are, in EM."""
    font = _font(face, weight)
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if leftward else "ltr"
    hb.shape(font, buffer)
    path: list[str] = []
    right = 0.0
    for glyph, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        pen = Pen(right + place.x_offset, place.y_offset)
        font.draw_glyph_with_pen(glyph.codepoint, pen)
        path += pen.path
        right += place.x_advance
    return "".join(path), right
