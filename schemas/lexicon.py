"""The Singlish words that are counted: data, versioned. Reading the file is the composition root's work."""

from enum import StrEnum

import msgspec


class Sense(StrEnum):
    """When a spelling counts. `ANY`: always; the others are homographs of plain English (streams.tally.senses)."""

    ANY = "any"
    ANSWER = "answer"
    CLAUSE_FINAL = "clause_final"
    VERB = "verb"
    PRAISE = "praise"
    STATE = "state"
    PARTICLE = "particle"


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One word: how else it is written (spaces separate tokens), and in which sense it counts."""

    word: str
    category: str
    emoji: str
    variants: tuple[str, ...]
    sense: Sense


class Lexicon(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole lexicon. `prompt` are the spellings that the recogniser is told to expect, in order of the file."""

    version: str
    words: tuple[Entry, ...]
    prompt: tuple[str, ...] = msgspec.field(name="hotwords", default=())

    def hotwords(self) -> tuple[str, ...]:
        """Spellings for the recogniser."""
        return self.prompt
