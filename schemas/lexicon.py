"""The Singlish words that are counted: data, versioned. Reading the file is the composition root's work."""

import hashlib
import re
from enum import StrEnum

import msgspec


class Sense(StrEnum):
    """When a spelling counts. `ANY`: always; the others are homographs of plain English (`streams/tally/senses.toml`)."""

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
    """A whole lexicon. `hotwords`: spellings that the recogniser is told to expect; `style`: how people talk who say them."""

    version: str
    words: tuple[Entry, ...]
    hotwords: tuple[str, ...] = ()
    style: str = ""

    def prompt(self) -> str:
        """What is put before each decoding: the spellings, then the style, which the recogniser goes on in."""
        return (
            f"{' '.join(self.hotwords)}. {self.style}".strip(" .")
            if self.style
            else " ".join(self.hotwords)
        )

    def question(self) -> str:
        """The style before a spelling is judged: without its last sentence, whose particle the recogniser would prefer (ADR 0009)."""
        return " ".join(re.split(r"(?<=[.!?]) ", self.style)[:-1])


def with_own(common: Lexicon, own: tuple[Entry, ...]) -> Lexicon:
    """`common` and a group's own words, under a version that is made of both."""
    digest = hashlib.sha256(msgspec.json.encode(own)).hexdigest()[:8]
    return msgspec.structs.replace(
        common, version=f"{common.version}-{digest}", words=(*common.words, *own)
    )
