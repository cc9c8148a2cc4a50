"""The lexicon: the words that are counted, as versioned data."""

import hashlib
import re
from enum import StrEnum

import msgspec
from msgspec.structs import replace

FOOD = "food_and_drink"
"""The category of food and drink. Its words follow each other: "teh peng"."""
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?]) ")


class Sense(StrEnum):
    """The use of a spelling that counts.

    `ANY` counts wherever no rule says otherwise. The others are for homographs, and count where a
    rule says so (`streams/tally/senses.toml`).
    """

    ANY = "any"
    ANSWER = "answer"
    CLAUSE_FINAL = "clause_final"
    VERB = "verb"
    PRAISE = "praise"
    STATE = "state"
    PARTICLE = "particle"


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One word, its other spellings (a space separates tokens), and the sense that counts."""

    word: str
    category: str
    emoji: str
    variants: tuple[str, ...]
    sense: Sense

    @property
    def spellings(self) -> tuple[str, ...]:
        """All ways to write it, the word itself first."""
        return (self.word, *self.variants)


class Lexicon(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole lexicon.

    The recogniser expects the `hotwords`. `style` is a few sentences as speakers would say them.
    """

    version: str
    words: tuple[Entry, ...]
    hotwords: tuple[str, ...] = ()
    style: str = ""

    def prompt(self) -> str:
        """Return the recogniser's prompt: the hotwords, then the style that it carries on."""
        hotwords = " ".join(self.hotwords)
        if not self.style:
            return hotwords
        return f"{hotwords}. {self.style}".strip(" .")

    def question(self) -> str:
        """Return the style before a spelling that is rescored.

        The last sentence is left out: the recogniser would prefer its particle (ADR 0009).
        """
        sentences = _BETWEEN_SENTENCES.split(self.style)
        return " ".join(sentences[:-1])


def with_own(common: Lexicon, own: tuple[Entry, ...]) -> Lexicon:
    """Return `common` with a group's own words, under a version that names both."""
    version = f"{common.version}-{_digest(own)}"
    words = (*common.words, *own)
    return replace(common, version=version, words=words)


def own_words(lexicon: Lexicon) -> tuple[Entry, ...]:
    """Return the words that `with_own` added; none of a common lexicon."""
    _, _, digest = lexicon.version.rpartition("-")
    for number in range(len(lexicon.words)):
        own = lexicon.words[number:]
        if _digest(own) == digest:
            return own
    return ()


def _digest(own: tuple[Entry, ...]) -> str:
    encoded = msgspec.json.encode(own)
    return hashlib.sha256(encoded).hexdigest()[:8]
