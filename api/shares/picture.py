"""Pure: a Wrapped as one picture, in three shapes."""

from dataclasses import dataclass

from api.shares.canvas import Canvas, Shape
from api.wrapped.models import Wrapped

MOST_WORDS = 5
MOST_NAME = 24
"""Letters of a name that fit on the narrowest card."""
TITLE_Y = 4.0
WORDS_Y = 5.8
LONG_TITLE = 22
"""Letters from which the title is set smaller. Positions and sizes are in units of the shape."""
INK = "#1c1430"
PAPER = "#fff6e9"
SUN = "#ff7a45"
TEAL = "#0f8b8d"
SHAPES = {
    "story": Shape(1080, 1920, 54.0, 3.0),
    "square": Shape(1080, 1080, 42.0, 1.9),
    "wide": Shape(1200, 630, 30.0, 1.45),
}


@dataclass(frozen=True)
class _Text:
    """The title of a card, and the lines under its words."""

    title: str
    lines: list[str]


def card(wrapped: Wrapped, shape: str, name: str = "") -> str:
    """The card as SVG. With few counts it says so. `name`: whose card it says it is."""
    form = SHAPES[shape]
    text = _text(wrapped)
    canvas = Canvas(form)
    canvas.begin(text.title, alt(wrapped))
    canvas.background(PAPER, SUN)
    canvas.text(2.2, 1.0, _heading(name), TEAL)
    title_size = 1.5 if len(text.title) < LONG_TITLE else 1.2
    canvas.text(TITLE_Y, title_size, text.title, INK, bold=True)
    _bars(canvas, wrapped)
    first_line = WORDS_Y + (MOST_WORDS + 0.6) * form.row
    spacing = 0.5 + 0.6 * form.row
    for n, line in enumerate(text.lines):
        canvas.text(first_line + spacing * n, 0.9, line, INK)
    bottom = form.height / form.unit - 0.9
    canvas.text(bottom, 0.7, _footer(wrapped), TEAL)
    return canvas.finished()


def _heading(name: str) -> str:
    if not name:
        return "my Singlish, counted"
    return f"{name[:MOST_NAME]}’s Singlish, counted"


def _footer(wrapped: Wrapped) -> str:
    if wrapped.period == "all":
        return "Lahstats"
    return f"Lahstats, {wrapped.first} to {wrapped.last}"


def alt(wrapped: Wrapped) -> str:
    """The card in words, for those who do not see it."""
    text = _text(wrapped)
    parts = [text.title]
    top = wrapped.cards.top_words.top[:MOST_WORDS]
    if top:
        words = ", ".join(f"{row.word} {row.count} times" for row in top)
        parts.append(f"Most said: {words}")
    parts.extend(text.lines)
    return ". ".join(parts) + "."


def _text(wrapped: Wrapped) -> _Text:
    cards = wrapped.cards
    if wrapped.state != "ready" or cards.personality is None:
        missing = f"{wrapped.missing.counts} more words and there is a story"
        return _Text("Still warming up", [missing])
    totals = cards.totals
    talks = "talks"
    if totals.sessions == 1:
        talks = "talk"
    lines = [f"{totals.counts:,} Singlish words in {totals.sessions:,} {talks}"]
    if cards.moments.peak:
        lines.append(f"{cards.moments.peak.counts} in the densest minute")
    if cards.streak.days > 1:
        lines.append(f"{cards.streak.days} days in a row")
    return _Text(cards.personality.name, lines)


def _bars(canvas: Canvas, wrapped: Wrapped) -> None:
    """A row for each of the top words: the word, a bar as long as its share, its count."""
    form = canvas.shape
    rows = wrapped.cards.top_words.top[:MOST_WORDS]
    room = form.width - 10.5 * form.unit
    shortest = 0.2 * form.unit
    y = WORDS_Y
    for row in rows:
        length = room * row.count / rows[0].count
        length = max(shortest, length)
        baseline = y + 0.75
        count_x = 6.9 + length / form.unit
        canvas.text(baseline, 0.95, row.word, INK, bold=row is rows[0])
        canvas.bar(y, length, SUN)
        canvas.text(baseline, 0.85, f"{row.count:,}", INK, x=count_x)
        y += form.row
