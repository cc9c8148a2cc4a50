"""The shape of the code, as `make structure` measures it: what a reader can take in at once."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from deploy.benchmark.structure import PRODUCT, SLIVER
from deploy.benchmark.syntax import Syntax, read

LONGEST_MODULE = 250
ROOT = Path()
ROOMS = (*PRODUCT, "tests")
CARDS = "api/wrapped/cards/"


@cache
def modules(room: str) -> list[Syntax]:
    """The modules of a room."""
    return [read(path, ROOT) for path in sorted(Path(room).rglob("*.py"))]


@pytest.mark.parametrize("room", ROOMS)
def test_a_module_is_neither_too_long_nor_a_sliver(room: str) -> None:
    found = modules(room)
    assert found
    assert [one.path for one in found if one.lines > LONGEST_MODULE] == [], "split them"
    slivers = [one.path for one in found if one.lines < SLIVER and not may_be_short(one)]
    assert slivers == [], "put them where they are used"


def may_be_short(module: Syntax) -> bool:
    """Whether its place has a reason: a package, or a card, of which each has a file."""
    return module.is_package or module.path.startswith(CARDS)


def test_a_card_of_a_few_lines_has_a_file_of_its_own() -> None:
    """A newcomer's first card was refused for its fourteen lines."""
    card = replace(read(Path("api/wrapped/cards/streak.py"), Path()), lines=SLIVER - 1)
    assert may_be_short(card)
    assert not may_be_short(replace(card, path="api/wrapped/input.py"))


@pytest.mark.parametrize("room", PRODUCT)
def test_every_function_says_what_it_takes_and_gives(room: str) -> None:
    functions = [function for one in modules(room) for function in one.functions]
    assert [function.place for function in functions if not function.is_typed] == []
