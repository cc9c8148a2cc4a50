"""The counted words as pages show them."""

from adapters.warehouse import Queries, TypedRow

LEXICON = """
SELECT word, category, emoji, (SELECT argMax(version, loaded_at) FROM lexicon) AS version
FROM lexicon FINAL ORDER BY word
"""
"""Every word that was ever counted: those that left the lexicon are in the totals of before."""


class LexiconRow(TypedRow, frozen=True):
    """One word, and the version of the present lexicon."""

    word: str
    category: str
    emoji: str
    version: str


def lexicon_of(warehouse: Queries) -> list[LexiconRow]:
    """The words in order of the alphabet. Blocking."""
    return warehouse.query(LEXICON, row=LexiconRow)


def emoji_of(warehouse: Queries) -> dict[str, str]:
    """The emoji of each word. Blocking."""
    return {row.word: row.emoji for row in lexicon_of(warehouse)}
