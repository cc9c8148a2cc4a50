"""Pure: `count(words, lexicon) -> counted words`, whole tokens only, each with the reason it counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from schemas.lexicon import Entry, Lexicon, Sense
from schemas.objects import SpokenWord
from streams.tally.clauses import Clause, clauses
from streams.tally.senses import RULES


class Why(StrEnum):
    """What made a word count."""

    EXACT = "exact"
    VARIANT = "variant"
    SENSE = "sense"


@dataclass(frozen=True)
class Counted:
    """A lexicon word said by `speaker` at `start_ms` of the session."""

    word: str
    speaker: str
    start_ms: int
    probability: float
    why: Why


class Counter:
    """A lexicon made ready to be matched; the longest spelling wins."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.version = lexicon.version
        self._spellings: dict[tuple[str, ...], Entry] = {}
        for entry in lexicon.words:
            for spelling in (entry.word, *entry.variants):
                self._spellings[tuple(spelling.split())] = entry
        self._longest = max(map(len, self._spellings), default=0)

    def count(self, words: Sequence[SpokenWord]) -> list[Counted]:
        """Counted words in order of time."""
        found = [counted for clause in clauses(words) for counted in self._in_clause(clause)]
        return sorted(found, key=lambda c: (c.start_ms, c.speaker, c.word))

    def _in_clause(self, clause: Clause) -> list[Counted]:
        texts = [token.text for token in clause]
        found: list[Counted] = []
        i = 0
        while i < len(clause):
            length, entry = self._longest_at(texts, i)
            if entry is not None and RULES[entry.sense](texts, i):
                found.append(_counted(clause, i, length, entry))
            i += max(1, length)
        return found

    def _longest_at(self, texts: Sequence[str], i: int) -> tuple[int, Entry | None]:
        for length in range(min(self._longest, len(texts) - i), 0, -1):
            entry = self._spellings.get(tuple(texts[i : i + length]))
            if entry is not None:
                return length, entry
        return 0, None


def _counted(clause: Clause, i: int, length: int, entry: Entry) -> Counted:
    words = [token.word for token in clause[i : i + length]]
    spelled = " ".join(token.text for token in clause[i : i + length])
    why = Why.VARIANT if spelled != entry.word else Why.EXACT if entry.sense is Sense.ANY else Why.SENSE
    probability = round(min(word.probability for word in words), 4)
    return Counted(entry.word, words[0].speaker or "", words[0].start_ms, probability, why)
