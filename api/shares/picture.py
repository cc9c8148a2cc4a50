"""A Wrapped as one picture, in three shapes: who, in which words, and one true fact."""

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from api import art
from api.shares import backdrop
from api.shares.canvas import Canvas, Type
from api.shares.fact import fact
from api.shares.forms import SHAPES, Box, Form
from api.shares.lettering import cleaned
from api.shares.palette import Look, look_of
from api.spans import in_words
from api.texts import ENGLISH, Language, say, translated
from api.wrapped.card_models import TopWord
from api.wrapped.models import Wrapped
from schemas.limits import FIRST_DAY, LAST_DAY

MOST_WORDS = 5
INK = "#1c1430"
WHITE = "#ffffff"
ROUND = 44


def card(
    wrapped: Wrapped,
    shape: str,
    name: str = "",
    language: Language = ENGLISH,
    secret: str = "",
) -> str:
    """The card as SVG. With few counts it says so.

    `name`: whose card it says it is. `secret`: of the installation; the look follows from it too.
    """
    form = SHAPES[shape]
    look = look_of(wrapped.user, secret)
    canvas = Canvas(form.across, form.down)
    canvas.begin(title(wrapped, language), alt(wrapped, language))
    backdrop.paint(canvas, look, form.art)
    words = _words(wrapped)
    backdrop.people(canvas, look, form.art, _art(wrapped), _signs(words))
    _heading(canvas, form, look, _heading_lines(wrapped, name, language))
    if words:
        _panel(canvas, form, look, words)
    _fact(canvas, form, look, fact(wrapped, language))
    return canvas.finished()


def _signs(words: list[TopWord]) -> list[Path]:
    """The emoji of the words that have one."""
    signs = [art.emoji(row.emoji) for row in words]
    return [sign for sign in signs if sign is not None]


def _personality(wrapped: Wrapped) -> str | None:
    """Its name; None while there is no story yet."""
    personality = wrapped.cards.personality
    if wrapped.state != "ready" or personality is None:
        return None
    return personality.name


def title(wrapped: Wrapped, language: Language = ENGLISH) -> str:
    """The personality, or that there is none yet."""
    name = _personality(wrapped)
    if name is None:
        return say("card.warming.title", language=language)
    return translated(name, language)


def alt(wrapped: Wrapped, language: Language = ENGLISH) -> str:
    """The card in words, for those who do not see it."""
    parts = [f"{title(wrapped, language)}."]
    top = [_counted(row, language) for row in _words(wrapped)]
    if top:
        parts.append(say("card.most", language=language, words=", ".join(top)))
        parts.append(f"{_totals(wrapped, language)}.")
    parts.append(f"{fact(wrapped, language)}.")
    return " ".join(parts)


def _counted(row: TopWord, language: Language) -> str:
    times = say("card.times", row.count, language)
    return f"{row.word} {times}"


def _words(wrapped: Wrapped) -> list[TopWord]:
    return wrapped.cards.top_words.top[:MOST_WORDS]


def _totals(wrapped: Wrapped, language: Language) -> str:
    totals = wrapped.cards.totals
    counts = say("card.totals", totals.counts, language)
    talks = say("card.talks", totals.sessions, language)
    return f"{counts} {talks}"


def _badge(wrapped: Wrapped, language: Language) -> str:
    if (wrapped.first, wrapped.last) == (FIRST_DAY, LAST_DAY):
        return say("card.ever", language=language)
    period = in_words(wrapped.first, wrapped.last, language)
    return say("card.badge", language=language, period=period)


def _art(wrapped: Wrapped) -> Path:
    return art.personality(_personality(wrapped) or art.WARMING_UP)


class _Heading(NamedTuple):
    """The three lines above the words: the period, whose card it is, the personality."""

    badge: str
    who: str
    title: str


def _heading_lines(wrapped: Wrapped, name: str, language: Language) -> _Heading:
    return _Heading(
        badge=_badge(wrapped, language),
        who=cleaned(name) or say("card.mine", language=language),
        title=title(wrapped, language),
    )


def _heading(canvas: Canvas, form: Form, look: Look, lines: _Heading) -> None:
    column = form.column
    deep = look.palette.deep
    high = form.title.down / form.lines
    small = Type(high * 0.4, deep, weight=600, anchor=column.anchor)
    canvas.text(column.at, form.badge_y, lines.badge, small, column.across)
    middle = Type(high * 0.6, deep, weight=700, anchor=column.anchor)
    canvas.text(column.at, form.name_y, lines.who, middle, column.across)
    _title(canvas, form, deep, lines.title)


def _title(canvas: Canvas, form: Form, deep: str, text: str) -> None:
    """The personality: one line as large as fits, or two of the words before and the last one."""
    band = form.title
    column = form.column
    lines = [text]
    share = 0.7
    wide = canvas.measure(text, band.down * 0.6, 900)
    if form.lines > 1 and wide > column.across and " " in text:
        lines = text.rsplit(" ", 1)
        share = 0.86
    high = band.down / len(lines)
    how = Type(high * share, deep, weight=900, anchor=column.anchor, is_whole=True)
    for n, words in enumerate(lines):
        base = band.y + high * (n + 0.8)
        canvas.text(column.at, base, words, how, column.across)


def _panel(canvas: Canvas, form: Form, look: Look, words: list[TopWord]) -> None:
    """The word said most, large, and the others under it."""
    panel = form.panel_box
    canvas.box(panel, rx=ROUND, fill=WHITE)
    pad = form.hero * 0.28
    inner = panel.narrowed(pad)
    hero = replace(inner, y=panel.y + form.hero * 0.16, down=form.hero * 1.1)
    large = Type(form.hero, INK, weight=900)
    _row(canvas, hero, words[0], large, look.palette.pop)
    below = hero.bottom + pad * 0.3
    end = panel.bottom - pad * 0.8
    rest = replace(inner, y=below, down=end - below)
    _chips(canvas, form, words[1 : form.chips + 1], rest)


def _chips(canvas: Canvas, form: Form, words: list[TopWord], box: Box) -> None:
    """The other words; fewer of them are larger."""
    columns = 2 if form.chips % 2 == 0 else max(1, len(words))
    rows = max(1, math.ceil(len(words) / columns))
    grid = _Grid(box, columns, rows, gap=form.hero * 0.12)
    letter_size = min(grid.high * 0.44, form.hero * 0.4)
    for number, word in enumerate(words):
        _chip(canvas, word, grid.field(number), letter_size)


@dataclass(frozen=True)
class _Grid:
    """A box in equal fields, row by row, with gaps between them."""

    box: Box
    columns: int
    rows: int
    gap: float

    @property
    def wide(self) -> float:
        """The width of a field."""
        gaps = self.gap * (self.columns - 1)
        return (self.box.across - gaps) / self.columns

    @property
    def high(self) -> float:
        """The height of a field."""
        gaps = self.gap * (self.rows - 1)
        return (self.box.down - gaps) / self.rows

    def field(self, number: int) -> Box:
        """The field with this number, from 0, row by row."""
        row, column = divmod(number, self.columns)
        x = self.box.x + column * (self.wide + self.gap)
        y = self.box.y + row * (self.high + self.gap)
        return Box(x, y, self.wide, self.high)


def _chip(canvas: Canvas, word: TopWord, box: Box, size: float) -> None:
    """One word in a field with round corners."""
    corner = min(box.down, 90) / 2.6
    canvas.box(box, rx=corner, fill=INK, fill_opacity=0.07)
    how = Type(size, INK, weight=700)
    _row(canvas, box.narrowed(size * 0.4), word, how, INK)


def _row(canvas: Canvas, box: Box, row: TopWord, how: Type, color_of_count: str) -> None:
    """An emoji, a word and its count in one line. The count takes the room it needs, to a half."""
    word_x = _emoji(canvas, box, row, how.size)
    room = box.right - word_x
    base = box.y + box.down / 2 + how.size * 0.34
    count = f"{row.count:,}"
    count_across = min(canvas.measure(count, how.size, how.weight), room * 0.5)
    of_count = Type(how.size, color_of_count, weight=how.weight, anchor="end", is_whole=True)
    canvas.text(box.right, base, count, of_count, count_across)
    word_across = room - count_across - how.size * 0.25
    canvas.text(word_x, base, row.word, how, word_across)


def _emoji(canvas: Canvas, box: Box, row: TopWord, letter_size: float) -> float:
    """Draw the emoji of a word, if it has one. Return where the word begins."""
    sign = art.emoji(row.emoji)
    if sign is None:
        return box.x
    side = letter_size * 1.02
    middle = box.y + box.down / 2
    canvas.picture(sign, box.x, middle - side / 2, side)
    return box.x + side + letter_size * 0.2


def _fact(canvas: Canvas, form: Form, look: Look, text: str) -> None:
    """The fact in a bubble."""
    bubble = form.fact_box
    high = bubble.down
    canvas.box(bubble, rx=high / 2.4, fill=look.palette.deep)
    how = Type(high * 0.5, WHITE, weight=700, anchor="middle")
    middle = bubble.x + bubble.across / 2
    base = bubble.y + high * 0.67
    canvas.text(middle, base, text, how, bubble.across - high)
