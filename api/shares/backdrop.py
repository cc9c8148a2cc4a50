"""The things behind a card's words: its colours, its pattern, the art and a person's emoji."""

import math
from collections.abc import Sequence
from pathlib import Path

from api.shares.canvas import Canvas
from api.shares.forms import ArtPlace, Box
from api.shares.palette import Look

FAINT = 0.2
BOLD = 0.28
"""Opacities of a pattern. Dots, which cover little, are bold."""
SPOTS = (195, 238, 275, 312, 345, 20, 160, 125)
"""Degrees around the art at which emoji stand, in the order in which they are taken."""


def paint(canvas: Canvas, look: Look, place: ArtPlace) -> None:
    """The colours of the whole card, and the pattern around the art."""
    palette = look.palette
    canvas.gradient("g", palette.top, palette.bottom)
    whole = Box(0, 0, canvas.across, canvas.down)
    canvas.box(whole, fill="url(#g)")
    PAINTERS[look.pattern](canvas, place)
    canvas.shape(
        "circle",
        cx=place.x,
        cy=place.y,
        r=place.size * 0.56,
        fill=palette.sun,
    )


def people(
    canvas: Canvas,
    look: Look,
    place: ArtPlace,
    picture: Path,
    signs: Sequence[Path],
) -> None:
    """The art, and the emoji of the words that this person says most around it."""
    spots = len(SPOTS) if signs else 0
    for n in range(spots):
        sign = signs[n % len(signs)]
        spot = _spot(look, place, n)
        turned = (look.seed >> (2 * n)) % 50 - 25
        if _is_on_card(spot, place):
            canvas.picture(sign, spot.x, spot.y, spot.across, turned)
    half = place.size / 2
    canvas.picture(picture, place.x - half, place.y - half, place.size)


def _spot(look: Look, place: ArtPlace, n: int) -> Box:
    """The place of an emoji around the art, a little elsewhere for each person."""
    moved = (look.seed >> n) % 11 - 5
    angle = math.radians(SPOTS[n] + moved)
    size = place.size * (0.2 - 0.012 * n)
    x = place.x + math.cos(angle) * place.size * 0.66
    y = place.y + math.sin(angle) * place.size * 0.6
    return Box(x - size / 2, y - size / 2, size, size)


def _is_on_card(spot: Box, place: ArtPlace) -> bool:
    return spot.x > 0 and spot.right < place.end and spot.y > 0


def _rays(canvas: Canvas, place: ArtPlace) -> None:
    far = canvas.across + canvas.down
    middle = f"{place.x:.0f},{place.y:.0f}"
    for degrees in range(0, 360, 20):
        one_side = _at(place, far, degrees - 5)
        other_side = _at(place, far, degrees + 5)
        points = f"{middle} {one_side} {other_side}"
        canvas.shape("polygon", points=points, fill="#fff", fill_opacity=FAINT)


def _at(place: ArtPlace, far: float, degrees: float) -> str:
    """A point that far from the middle of the art."""
    angle = math.radians(degrees)
    x = place.x + far * math.cos(angle)
    y = place.y + far * math.sin(angle)
    return f"{x:.0f},{y:.0f}"


def _dots(canvas: Canvas, place: ArtPlace) -> None:
    step = int(place.size / 7)
    half = step // 2
    for row, y in enumerate(range(half, canvas.down + step, step)):
        first_x = half + row % 2 * step // 2
        for x in range(first_x, canvas.across + step, step):
            canvas.shape(
                "circle",
                cx=x,
                cy=y,
                r=step * 0.17,
                fill="#fff",
                fill_opacity=BOLD,
            )


def _waves(canvas: Canvas, place: ArtPlace) -> None:
    step = int(place.size / 5)
    rise_and_fall = f"q{step / 2:.0f} {-step * 0.6:.0f} {step} 0t{step} 0"
    times = canvas.across // step // 2 + 2
    for y in range(0, canvas.down + step, step):
        wave = f"M{-step} {y}" + rise_and_fall * times
        canvas.shape(
            "path",
            d=wave,
            fill="none",
            stroke="#fff",
            stroke_width=step * 0.2,
            stroke_opacity=FAINT,
        )


def _tiles(canvas: Canvas, place: ArtPlace) -> None:
    """Quarter circles, as on the floor tiles of old shophouses."""
    step = int(place.size / 5)
    for row, y in enumerate(range(0, canvas.down + step, step)):
        for column, x in enumerate(range(0, canvas.across + step, step)):
            degrees = (row * 3 + column * 5) % 4 * 90
            middle = f"{x + step / 2:.0f} {y + step / 2:.0f}"
            canvas.shape(
                "path",
                d=f"M{x} {y}h{step}a{step} {step} 0 0 1 {-step} {step}z",
                fill="#fff",
                fill_opacity=FAINT,
                transform=f"rotate({degrees} {middle})",
            )


PAINTERS = {"rays": _rays, "dots": _dots, "waves": _waves, "tiles": _tiles}
