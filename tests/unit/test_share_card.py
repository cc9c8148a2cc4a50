"""The share card: its sizes, its words for screen readers, and no name that was not asked for."""

import io
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from api.shares.drawing import png
from api.shares.picture import MOST_WORDS, SHAPES, alt, card
from api.wrapped.card_models import TopWord, TopWords
from api.wrapped.example import STORY
from api.wrapped.models import Wrapped

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


def wrapped(state: str = "ready", **changed: Any) -> Wrapped:
    totals = EXAMPLE.cards.totals.model_copy(update={"counts": 1255, "sessions": 1})
    streak = EXAMPLE.cards.streak.model_copy(update={"days": 1})
    top_words = TopWords(top=TOP, favourite="lah")
    shown = {"totals": totals, "streak": streak, "top_words": top_words}
    cards = EXAMPLE.cards.model_copy(update={**shown, **changed})
    missing = EXAMPLE.missing.model_copy(update={"counts": 7})
    update = {"user": "secret-user", "state": state, "cards": cards, "missing": missing}
    return EXAMPLE.model_copy(update=update)


def texts(svg: str) -> list[str]:
    root = ET.fromstring(svg)  # noqa: S314 - our own
    return [element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_has_its_size_and_nothing_leaves_it(shape: str) -> None:
    svg = ET.fromstring(card(wrapped(), shape))  # noqa: S314 - our own
    assert (svg.get("width"), svg.get("height")) == (
        str(SHAPES[shape].width),
        str(SHAPES[shape].height),
    )
    for element in svg:
        if element.get("y"):
            assert float(element.get("y", 0)) <= SHAPES[shape].height
        if element.tag.endswith("rect") and element.get("x"):
            assert (
                float(element.get("x", 0)) + float(element.get("width", 0)) <= SHAPES[shape].width
            )


def test_words_and_counts_are_those_of_the_wrapped_and_text_stays_text() -> None:
    found = texts(card(wrapped(), "story"))
    assert {
        "lah",
        "1,200",
        "<sia>",
        "The Classic Singaporean",
        "1,255 Singlish words in 1 talk",
        "14 in the densest minute",
    } <= set(found)
    assert "ah" not in found
    assert not [text for text in found if "days in a row" in text]


def test_nobody_is_named() -> None:
    assert all("secret-user" not in card(wrapped(), shape) for shape in SHAPES)


def test_a_name_is_on_it_only_when_it_is_given() -> None:
    assert "Mei Ling’s Singlish, counted" in texts(card(wrapped(), "story", "Mei Ling"))


@pytest.mark.parametrize("shape", SHAPES)
def test_it_is_drawn_with_letters_of_its_own(shape: str) -> None:
    drawn = Image.open(io.BytesIO(png(card(wrapped(), shape))))
    assert drawn.size == (SHAPES[shape].width, SHAPES[shape].height)
    empty = Image.open(
        io.BytesIO(
            png(card(wrapped(), shape).replace("<text", "<desc").replace("</text", "</desc"))
        )
    )
    ink = (
        np.abs(
            np.asarray(drawn.convert("L"), dtype=int) - np.asarray(empty.convert("L"), dtype=int)
        )
        > 60
    )
    assert ink.mean() > 0.01  # without a font nothing would be written, and nothing would say so


def test_it_can_be_read_out() -> None:
    said = alt(wrapped())
    assert said.startswith("The Classic Singaporean. Most said: lah 1200 times")
    assert said.count(" times") == MOST_WORDS
    assert said in card(wrapped(), "wide").replace("&lt;", "<").replace("&gt;", ">")


def test_little_data_is_not_dressed_up() -> None:
    found = texts(
        card(
            wrapped("warming_up", top_words=TopWords(top=[], favourite=None), personality=None),
            "square",
        )
    )
    assert "Still warming up" in found
    assert "7 more words and there is a story" in found
