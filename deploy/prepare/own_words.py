"""Words of groups' own, beside those of everybody's lexicon: how they are shown and counted."""

from collections.abc import Collection

import msgspec

from adapters.objects.lexicons import Lexicons
from adapters.warehouse import Statements
from schemas.days import EPOCH
from schemas.lexicon import Entry, Lexicon, own_words, with_own
from schemas.rejections import Rejected

COLUMNS = ("word", "category", "emoji", "version", "loaded_at")


def load_own_words(warehouse: Statements, lexicon: Lexicon) -> None:
    """Write the emoji and categories of the own words of a lexicon. Blocking; repeatable.

    They are older than any lexicon of everybody's, which stays the present one, and whose words
    are shown as it has them.
    """
    rows = [
        (entry.word, entry.category, entry.emoji, lexicon.version, EPOCH)
        for entry in own_words(lexicon)
    ]
    if rows:
        warehouse.insert("lexicon", COLUMNS, rows)


def versions(lexicons: Lexicons, lexicon: Lexicon, former: Collection[str]) -> dict[str, str]:
    """Return by each former version the one to count by. Blocking.

    It is that of `lexicon`, with the own words of the former one that it lacks: it is published.
    """
    return {version: _with_own_of(lexicons, lexicon, version) for version in former}


def _with_own_of(lexicons: Lexicons, lexicon: Lexicon, former: str) -> str:
    try:
        own = own_words(lexicons.get(former))
    except Rejected:
        return lexicon.version  # nobody knows its words any more
    lacking = _lacking(lexicon, own)
    if not lacking:
        return lexicon.version
    encoded = msgspec.json.encode(with_own(lexicon, lacking))
    return lexicons.put(encoded).version


def _lacking(lexicon: Lexicon, own: tuple[Entry, ...]) -> tuple[Entry, ...]:
    spelled = {spelling for entry in lexicon.words for spelling in entry.spellings}
    return tuple(entry for entry in own if spelled.isdisjoint(entry.spellings))
