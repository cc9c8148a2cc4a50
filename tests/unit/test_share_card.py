"""The share card: its sizes, its words for screen readers, and no name that was not asked for."""

import io
import itertools
import re
import unicodedata
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import resvg_py
from numpy.typing import NDArray
from PIL import Image

from adapters.objects.lexicons import shipped_lexicon
from api import art
from api.art import elements
from api.shares.faces import face_of
from api.shares.fact import fact
from api.shares.forms import SHAPES
from api.shares.lettering import Line, clusters, fitted, line
from api.shares.palette import look_of
from api.shares.picture import MOST_WORDS, alt, card, title
from api.texts import say
from api.wrapped.card_models import TopWord, TopWords
from api.wrapped.cards.personality import ELSE
from api.wrapped.cards.personality import NAMES as PERSONALITIES
from api.wrapped.example import STORY
from api.wrapped.models import Wrapped
from schemas.days import bounds
from schemas.ids import UserId

SAID = (("lah", 1200), ("lor", 30), ("<sia>", 9), ("meh", 8), ("leh", 7), ("ah", 1))
TOP = [TopWord(word=word, count=count, emoji="", share=0.1, change=0) for word, count in SAID]
NAMES = {"from": "first", "to": "last"}
"""Fields whose names in JSON are words of Python."""


def by_field(value: Any) -> Any:
    """The example of the document, with the names that the models have for its fields."""
    if isinstance(value, dict):
        return {NAMES.get(name, name): by_field(one) for name, one in value.items()}
    return [by_field(one) for one in value] if isinstance(value, list) else value


EXAMPLE = Wrapped.model_validate(by_field(STORY))


def wrapped(state: str = "ready", user: str = "secret-user", **changed: Any) -> Wrapped:
    totals = EXAMPLE.cards.totals.model_copy(update={"counts": 1255, "sessions": 1})
    streak = EXAMPLE.cards.streak.model_copy(update={"days": 1})
    top_words = TopWords(top=TOP, favourite="lah")
    shown = {"totals": totals, "streak": streak, "top_words": top_words}
    cards = EXAMPLE.cards.model_copy(update={**shown, **changed})
    missing = EXAMPLE.missing.model_copy(update={"counts": 7})
    update = {"user": user, "state": state, "cards": cards, "missing": missing}
    return EXAMPLE.model_copy(update=update)


def texts(svg: str) -> list[str]:
    """The lines of a card, as they are read out: their letters are outlines."""
    root = ET.fromstring(svg)  # noqa: S314 - our own
    return [line.get("aria-label", "") for line in root.iter("{http://www.w3.org/2000/svg}g")]


def drawn(svg: str, width: int = 200) -> NDArray[np.uint8]:
    """The picture as a chat shows it, red, green and blue. Small pictures are drawn fast."""
    picture = resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, width=width)
    return np.asarray(Image.open(io.BytesIO(bytes(picture))).convert("RGB"))


def ink(line: Line) -> int:
    """How many pixels a line of letters blackens."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="100" fill="#000">'
    picture = drawn(
        f'{svg}<rect width="1200" height="100" fill="#fff"/>'
        f'<g transform="translate(9 70) scale(0.05)">{line.path}</g></svg>'
    )
    return int((picture < 128).all(axis=2).sum())


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_has_its_size_and_nothing_leaves_it(shape: str) -> None:
    svg = ET.fromstring(card(wrapped(), shape))  # noqa: S314 - our own
    form = SHAPES[shape]
    assert (svg.get("width"), svg.get("height")) == (str(form.across), str(form.down))
    for box in svg.iter("{http://www.w3.org/2000/svg}rect"):
        assert float(box.get("x", 0)) + float(box.get("width", 0)) <= form.across
        assert float(box.get("y", 0)) + float(box.get("height", 0)) <= form.down


@pytest.mark.parametrize("shape", SHAPES)
def test_no_line_of_words_leaves_its_card_however_long(shape: str) -> None:
    words = [TopWord(word="confirm plus chop " * 9, count=10**9, emoji="💯", share=1, change=0)] * 5
    svg = card(wrapped(top_words=TopWords(top=words, favourite="lah")), shape, "W" * 200)
    groups = ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}g")  # noqa: S314 - our own
    for group in (one for one in groups if one.get("aria-label")):
        x, _, scale = map(float, re.findall(r"[-\d.]+", group.get("transform", "")))
        last = group.findall("{http://www.w3.org/2000/svg}path")[-1]
        run = float(re.findall(r"[-\d.]+", last.get("transform", ""))[0])
        across = [float(at) for at in re.findall(r"[ MLCQ](-?\d+) ", last.get("d", ""))]
        assert x >= 0
        assert x + scale * (run + max(across)) <= SHAPES[shape].across


def test_words_and_counts_are_those_of_the_wrapped_and_text_stays_text() -> None:
    found = texts(card(wrapped(), "story"))
    assert {"lah", "1,200", "<sia>", "The Classic", "Singaporean", "Lahstats · 2026"} <= set(found)
    assert "ah" not in found
    assert "1,255 Singlish words in 1 talk" in alt(wrapped())


def test_it_speaks_mandarin() -> None:
    found = texts(card(wrapped(), "story", language="zh"))
    assert {
        "地道新加坡人",
        "比 93% 的人说得多",
        "Lahstats · 2026年",
    } <= set(found)
    assert "lah 1,200 次" in alt(wrapped(), "zh")
    assert not set("abcdefghijkm") & set(title(wrapped(), "zh"))


def test_a_card_of_all_time_names_no_days_also_behind_a_link() -> None:
    first, last = bounds("all", date(2026, 11, 24))
    for period in ("all", f"{first}..{last}"):
        ever = wrapped().model_copy(update={"period": period, "first": first, "last": last})
        assert say("card.ever") in texts(card(ever, "story"))


def test_nobody_is_named() -> None:
    assert all("secret-user" not in card(wrapped(), shape) for shape in SHAPES)


def test_a_name_is_on_it_only_when_it_is_given() -> None:
    assert "Mei Ling" in texts(card(wrapped(), "story", "Mei Ling"))
    assert "My Singlish, counted" in texts(card(wrapped(), "story"))


HARD_NAMES = {
    "long": "Siti Nurhaliza binte Abdul Rahman of the Blue House",
    "chinese": "陳美玲小姐",
    "japanese and korean": "さくら 김철수",
    "arabic": "محمد بن علي",
    "hebrew and latin": "דוד (David)",
    "tamil": "தமிழ் செல்வி",
    "thai": "ชัยวัฒน์",
    "hindi": "प्रिया शर्मा",
    "emoji": "Mei 🐯👩\u200d👩\u200d👧 🇸🇬 👍🏽 ❤️ 7️⃣",
    "marks": "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
    "code": "<b>&amp;\"'",
}


@pytest.mark.parametrize("name", HARD_NAMES.values(), ids=HARD_NAMES)
def test_any_name_is_drawn_in_letters(name: str) -> None:
    picture = drawn(card(wrapped(), "wide", name))
    assert (picture != drawn(card(wrapped(), "wide", "\u200b"))).any()
    for letter in name.replace(" ", ""):
        is_seen = unicodedata.category(letter)[0] in "LNS"
        assert not is_seen or face_of(letter) is not None, f"no face has {letter!r}"


@pytest.mark.parametrize(
    "name", ["Bob\x00\x1b\x07by", "\ufffe\uffff", "Evil\u202eboB", "\ud800x", "a\nb\u2028c", " \t "]
)
def test_characters_that_no_picture_holds_are_left_out(name: str) -> None:
    svg = card(wrapped(), "wide", name)
    assert drawn(svg).any()
    assert all(one.isprintable() for one in texts(svg))


def test_a_name_of_nothing_is_no_name() -> None:
    assert "My Singlish, counted" in texts(card(wrapped(), "wide", "\x00\u202e"))


def test_letters_that_are_written_leftward_are_drawn_leftward() -> None:
    first = line("אב", 700).path
    second = line("א", 700).path
    outline = re.findall(r'd="(.*?)"', second)[0][:12]
    assert outline not in re.findall(r'd="(.*?)"', first)[0][:12]
    assert ink(line("שלום", 700)) > 0


def test_a_line_is_cut_between_signs_that_people_see() -> None:
    family = "👩\u200d👩\u200d👧"
    assert clusters(f"e\u0301{family}🇸🇬👍🏽மி") == ["e\u0301", family, "🇸🇬", "👍🏽", "மி"]
    assert fitted("Bartholomew", 700, 3).across <= 3


def test_twelve_people_have_twelve_different_cards() -> None:
    """With the same words: in colours and pattern alone, as in a chat, a few millimetres high."""
    every = [look_of(UserId(f"user-{n}"), "") for n in range(12)]
    looks = {(look.palette, look.pattern) for look in every}
    assert len(looks) == 12
    cards = [card(wrapped(user=f"user-{n}"), "wide") for n in range(12)]
    small = [drawn(svg, 60).astype(float) for svg in cards]
    pairs = itertools.combinations(small, 2)
    assert min(np.abs(one - other).mean() for one, other in pairs) > 3


def test_every_personality_has_a_picture_of_its_own() -> None:
    names = [*PERSONALITIES.values(), ELSE]
    pictures = {art.personality(f"The {name}") for name in names}
    assert len(pictures) == len(names)
    assert len({elements(picture) for picture in pictures}) == len(names)


def test_every_emoji_of_the_lexicon_has_a_picture() -> None:
    lacking = [word.emoji for word in shipped_lexicon().words if art.emoji(word.emoji) is None]
    assert lacking == [], "add their pictures: api/art/emoji/README.md says from where"


def test_the_fact_follows_from_the_figures() -> None:
    ahead = EXAMPLE.cards.percentile
    assert ahead is not None
    assert fact(wrapped()) == "More Singlish than 93% of everybody"
    behind = ahead.model_copy(update={"percentile": 12.0})
    assert fact(wrapped(percentile=behind)) == "14 in the wildest minute"
    assert fact(wrapped("warming_up")) == "7 more words and there is a story"


def test_it_is_read_out() -> None:
    said = alt(wrapped())
    assert said.startswith("The Classic Singaporean. Most said: lah 1,200 times")
    assert said.count(" time") == MOST_WORDS
    assert said in card(wrapped(), "wide").replace("&lt;", "<").replace("&gt;", ">")


def test_little_data_is_not_dressed_up() -> None:
    little = wrapped("warming_up", top_words=TopWords(top=[], favourite=None), personality=None)
    found = texts(card(little, "square"))
    assert {"Still warming", "up", "7 more words and there is a story"} <= set(found)
