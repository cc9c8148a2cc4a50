"""A picture of a Wrapped to pass on: SVG or PNG in three shapes, without a name unless its owner wants it there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import font_roboto
import resvg_py

MOST_WORDS, MOST_NAME = 5, 24
TOP = 5.8
"""Units above the first word."""
FONT = "Roboto, 'Helvetica Neue', Arial, sans-serif"
FONTS = [
    str(Path(font_roboto.__file__).parent / "files" / name)
    for name in ("Roboto-Regular.ttf", "Roboto-Bold.ttf")
]
"""So that a PNG is the same on every machine."""
INK, PAPER, SUN, TEAL = "#1c1430", "#fff6e9", "#ff7a45", "#0f8b8d"


@dataclass(frozen=True)
class Shape:
    """Pixels; `unit` is what everything on the card is measured in, `row` how many units one word takes."""

    width: int
    height: int
    unit: float
    row: float


SHAPES = {
    "story": Shape(1080, 1920, 54.0, 3.0),
    "square": Shape(1080, 1080, 42.0, 1.9),
    "wide": Shape(1200, 630, 30.0, 1.45),
}


def png(svg: str) -> bytes:
    """The card as PNG. Blocking, a tenth of a second."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, skip_system_fonts=True, font_files=FONTS, sans_serif_family="Roboto"
        )
    )


def card(wrapped: Mapping[str, Any], shape: str, name: str = "") -> str:
    """SVG. `wrapped` as the api answers it; a card of little data says so and makes nothing up. `name`: whose card it says it is."""
    form, cards = SHAPES[shape], wrapped["cards"]
    title, lines = _told(wrapped)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{form.width}" height="{form.height}" role="img" aria-labelledby="t d" font-family="{FONT}">',
        f'<title id="t">{escape(title)}</title><desc id="d">{escape(alt(wrapped))}</desc>',
        f'<rect width="100%" height="100%" fill="{PAPER}"/><rect width="100%" height="{form.unit * 0.6:.0f}" fill="{SUN}"/>',
        _text(
            form,
            2.2,
            1.0,
            f"{name[:MOST_NAME]}’s Singlish, counted" if name else "my Singlish, counted",
            TEAL,
        ),
        _text(form, 4.0, 1.5 if len(title) < 22 else 1.2, title, INK, bold=True),
        *_bars(form, TOP, cards["top_words"]["top"][:MOST_WORDS]),
        *(
            _text(
                form,
                TOP + (MOST_WORDS + 0.6) * form.row + (0.5 + 0.6 * form.row) * n,
                0.9,
                line,
                INK,
            )
            for n, line in enumerate(lines)
        ),
        _text(
            form,
            form.height / form.unit - 0.9,
            0.7,
            f"Lahstats, {wrapped['from']} to {wrapped['to']}" if _is_dated(wrapped) else "Lahstats",
            TEAL,
        ),
        "</svg>",
    ]
    return "\n".join(parts)


def alt(wrapped: Mapping[str, Any]) -> str:
    """The card in words, for those who do not see it."""
    title, lines = _told(wrapped)
    words = ", ".join(
        f"{row['word']} {row['count']} times"
        for row in wrapped["cards"]["top_words"]["top"][:MOST_WORDS]
    )
    return (
        ". ".join(part for part in (title, f"Most said: {words}" if words else "", *lines) if part)
        + "."
    )


def _told(wrapped: Mapping[str, Any]) -> tuple[str, list[str]]:
    cards = wrapped["cards"]
    if wrapped["state"] != "ready" or cards["personality"] is None:
        return "Still warming up", [
            f"{wrapped['missing']['counts']} more words and there is a story"
        ]
    totals, peak, streak = cards["totals"], cards["moments"]["peak"], cards["streak"]
    lines = [
        f"{totals['counts']:,} Singlish words in {totals['sessions']:,} {'talk' if totals['sessions'] == 1 else 'talks'}"
    ]
    lines += [f"{peak['counts']} in the densest minute"] if peak else []
    lines += [f"{streak['days']} days in a row"] if streak["days"] > 1 else []
    return cards["personality"]["name"], lines


def _is_dated(wrapped: Mapping[str, Any]) -> bool:
    return bool(wrapped["period"] != "all")


def _bars(form: Shape, top: float, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    found, room = [], form.width - 10.5 * form.unit
    for n, row in enumerate(rows):
        y = top + form.row * n
        length = max(0.2 * form.unit, room * row["count"] / rows[0]["count"])
        found.append(_text(form, y + 0.75, 0.95, row["word"], INK, bold=n == 0))
        found.append(
            f'<rect x="{6.5 * form.unit:.0f}" y="{y * form.unit:.0f}" width="{length:.0f}" height="{0.95 * form.unit:.0f}" fill="{SUN}"/>'
        )
        found.append(
            _text(form, y + 0.75, 0.85, f"{row['count']:,}", INK, x=6.9 + length / form.unit)
        )
    return found


def _text(
    form: Shape,
    y: float,
    size: float,
    text: str,
    colour: str,
    *,
    bold: bool = False,
    x: float = 1.5,
) -> str:
    weight = ' font-weight="700"' if bold else ""
    return f'<text x="{x * form.unit:.0f}" y="{y * form.unit:.0f}" font-size="{size * form.unit:.0f}" fill="{colour}"{weight}>{escape(text)}</text>'
