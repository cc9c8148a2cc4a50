"""The counted words as pages show them."""

from adapters.warehouse import Queries, TypedRow

LEXICON = "SELECT word, emoji, version FROM lexicon FINAL ORDER BY word"


class LexiconRow(TypedRow, frozen=True):
    """One word of the lexicon and the version that brought it."""

    word: str
    emoji: str
    version: str


def emoji_of(warehouse: Queries) -> dict[str, str]:
    """The emoji of each word. Blocking."""
    return {row.word: row.emoji for row in warehouse.query(LEXICON, row=LexiconRow)}
