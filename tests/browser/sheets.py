"""Pictures of a state in three widths, light and dark, as one image; and the page of all."""

import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Page

from tests.browser.visits import State

FOLDER = Path(os.environ.get("SCREENS_FOLDER", "docs/screens"))
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
WIDTHS = {320: 640, 390: 844, 1280: 800}
"""Each with its height."""
TALLEST = 1500
SCALES = {320: 0.62, 390: 0.62, 1280: 0.42}
GAP = 14
BETWEEN = "#8b8496"
QUALITY = 58
TOGETHER = ("recorder-recording", "talk-live", "own-you-are", "share")
FIRST = "together.webp"
"""The first picture of README.md: these states side by side."""
_together: dict[str, Image.Image] = {}
TOP = """() => {
  document.activeElement?.blur();
  for (const one of document.querySelectorAll("section, ol")) one.scrollTop = 0;
  scrollTo(0, 0);
}"""
HIDDEN = """() => Math.max(0, ...[...document.querySelectorAll("section:not([hidden])")].map(
  (one) => one.scrollHeight - one.clientHeight))"""
HEAD = """# Every page and state

`make screens` makes these pictures: the pages in a real Chromium over a made-up year, at 320, 390
and 1280 px, light above and dark below. `make browser` walks through the same states, and checks
each of them (`tests/browser/test_every_state.py`).

| state | |
|---|---|
"""


def take(page: Page, state: State, folder: Path) -> None:
    """Write the picture of a state."""
    shots = [[_shot(page, width, scheme) for width in WIDTHS] for scheme in SCHEMES]
    rows = [[_scaled(shot, state.is_at_end) for shot in row] for row in shots]
    if state.name in TOGETHER:
        _together[state.name] = rows[0][1]
    _sheet(rows).save(folder / f"{state.name}.webp", quality=QUALITY, method=6)


def index(states: Sequence[State], folder: Path) -> None:
    """Write the page of all states, and the picture of README.md. Remove pictures of others."""
    lines = [f"| [{one.name}]({one.name}.webp) | {one.told} |" for one in states]
    (folder / "README.md").write_text(HEAD + "\n".join(lines) + "\n")
    cut = [_together[name] for name in TOGETHER]
    lowest = min(one.height for one in cut)
    even = [one.crop((0, 0, one.width, lowest)) for one in cut]
    _sheet([even]).save(folder / FIRST, quality=QUALITY, method=6)
    known = {FIRST, *(f"{one.name}.webp" for one in states)}
    for path in folder.glob("*.webp"):
        if path.name not in known:
            path.unlink()


def _shot(page: Page, width: int, scheme: Scheme) -> Image.Image:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    page.evaluate(TOP)
    tall = min(TALLEST, WIDTHS[width] + int(page.evaluate(HIDDEN)))
    page.set_viewport_size({"width": width, "height": tall})
    return Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")


def _scaled(drawn: Image.Image, is_at_end: bool) -> Image.Image:
    """A page that is too long has its beginning, or its end."""
    height = min(TALLEST, drawn.height)
    top = drawn.height - height if is_at_end else 0
    cut = drawn.crop((0, top, drawn.width, top + height))
    scale = SCALES[drawn.width]
    size = (round(drawn.width * scale), round(height * scale))
    return cut.resize(size, Image.Resampling.LANCZOS)


def _sheet(rows: Sequence[Sequence[Image.Image]]) -> Image.Image:
    across = GAP + max(sum(one.width + GAP for one in row) for row in rows)
    down = GAP + sum(max(one.height for one in row) + GAP for row in rows)
    sheet = Image.new("RGB", (across, down), BETWEEN)
    y = GAP
    for row in rows:
        x = GAP
        for one in row:
            sheet.paste(one, (x, y))
            x += one.width + GAP
        y += max(one.height for one in row) + GAP
    return sheet
