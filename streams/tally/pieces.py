"""The pieces of a clause, as the counter cuts it: tokens, and the lexicon word that they match."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.lexicon import Entry
from schemas.objects import AttributedWord, Candidate
from streams.tally.clauses import Token


@dataclass(frozen=True)
class Match:
    """`length` tokens match a lexicon word, by their spelling or by evidence."""

    length: int
    entry: Entry
    evidence: Candidate | None = None


@dataclass(frozen=True)
class Piece:
    """The tokens that one match covers; a single token where nothing matches."""

    tokens: Sequence[Token]
    match: Match | None

    @property
    def words(self) -> list[AttributedWord]:
        """The words that the tokens are part of."""
        return [token.word for token in self.tokens]

    @property
    def spelling(self) -> str:
        """The tokens as they are written."""
        return " ".join(token.text for token in self.tokens)

    @property
    def text(self) -> str:
        """The piece as the senses of its neighbours see it: a mis-hearing as the word it was."""
        match = self.match
        if match is not None and (match.evidence or match.length > 1):
            return match.entry.word
        return self.spelling


@dataclass(frozen=True)
class Counting:
    """A piece that counts, and the entry of the lexicon that it counts as."""

    piece: Piece
    match: Match

    @property
    def start_ms(self) -> int:
        """When it was said."""
        return self.piece.words[0].start_ms

    @property
    def written_as(self) -> int:
        """Names the first written word. Two counts have one name when they are one written word."""
        return id(self.piece.words[0])
