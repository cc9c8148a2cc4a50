"""Emoji and categories of words as pages and analysts see them, on the real engine."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from adapters.objects.lexicons import shipped_lexicon
from adapters.warehouse import Warehouse
from api.lexicon import lexicon_of
from deploy.prepare.own_words import load_own_words
from deploy.prepare.tables import load_lexicon
from schemas.lexicon import Entry, Sense, with_own
from tests.integration.served import filled

OURS = Entry("ikan bilis", "food_and_drink", "🐟", (), Sense.ANY)
CURRENT = "SELECT DISTINCT version FROM lexicon_current"


@pytest.fixture
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with filled(tmp_path_factory.mktemp("words")) as found:
        yield found


def test_a_groups_own_word_is_shown_and_the_common_lexicon_stays(warehouse: Warehouse) -> None:
    """Before, it had no emoji on any page, and no award for food."""
    common = shipped_lexicon()
    load_own_words(warehouse, with_own(common, (OURS,)))
    for _ in range(2):
        shown = {row.word: row for row in lexicon_of(warehouse)}
        ours = shown["ikan bilis"]
        assert (ours.emoji, ours.category, ours.version) == ("🐟", OURS.category, common.version)
        assert len(shown) == len(common.words) + 1
        assert warehouse.query(CURRENT) == [{"version": common.version}]
        load_lexicon(warehouse, common)
    everybodys = replace(common, version="newer", words=(*common.words, replace(OURS, emoji="🐠")))
    load_lexicon(warehouse, everybodys)
    load_own_words(warehouse, with_own(common, (OURS,)))
    shown = {row.word: row for row in lexicon_of(warehouse)}
    assert (shown["ikan bilis"].emoji, shown["lah"].version) == ("🐠", "newer")


def test_the_lexicon_that_was_loaded_last_is_the_present_one(warehouse: Warehouse) -> None:
    """Before, that of the machine whose clock was ahead stayed the present one until its time."""
    ahead = "SELECT * REPLACE (loaded_at + INTERVAL 1 HOUR AS loaded_at) FROM lexicon"
    warehouse.command(f"INSERT INTO lexicon {ahead}")
    load_lexicon(warehouse, replace(shipped_lexicon(), version="newer"))
    assert warehouse.query(CURRENT) == [{"version": "newer"}]
    assert {row.version for row in lexicon_of(warehouse)} == {"newer"}
