"""Pure: `count(words, lexicon) -> counted words`, whole tokens only, each with the reason it counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from schemas.ids import SpeakerLabel
from schemas.lexicon import Entry, Lexicon, Sense
from schemas.objects import AttributedWord, Candidate
from streams.tally.clauses import Clause, clauses
from streams.tally.misheard import misheard, probability
from streams.tally.senses import Senses, document


class Why(StrEnum):
    """What made a word count."""

    EXACT = "exact"
    VARIANT = "variant"
    SENSE = "sense"
    MISHEARD = "misheard"


@dataclass(frozen=True)
class Counted:
    """A lexicon word said by `speaker` at `start_ms` of the session."""

    word: str
    speaker: SpeakerLabel
    start_ms: int
    probability: float
    why: Why


@dataclass(frozen=True)
class _Reading:
    """`length` tokens read as a lexicon word, by their spelling or by evidence."""

    length: int
    entry: Entry
    evidence: Candidate | None = None


class Counter:
    """A lexicon made ready to be matched; the longest spelling wins, and spelling wins over evidence."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.version = lexicon.version
        self._senses = Senses(document())
        self._spellings: dict[tuple[str, ...], Entry] = {}
        for entry in lexicon.words:
            for spelling in (entry.word, *entry.variants):
                self._spellings[tuple(spelling.split())] = entry
        self._longest = max(map(len, self._spellings), default=0)

    def count(self, words: Sequence[AttributedWord]) -> list[Counted]:
        """Counted words in order of time."""
        found = [counted for clause in clauses(words) for counted in self._in_clause(clause)]
        return sorted(found, key=lambda c: (c.start_ms, c.speaker, c.word))

    def _in_clause(self, clause: Clause) -> list[Counted]:
        readings = self._readings(clause)
        texts = self._texts(clause, readings)
        found: list[Counted] = []
        for at, (i, reading) in enumerate(readings):
            if reading is not None and self._senses.counts(reading.entry.sense, texts, at):
                found.append(_counted(clause, i, reading))
        return found

    def _readings(self, clause: Clause) -> list[tuple[int, _Reading | None]]:
        texts = [token.text for token in clause]
        readings: list[tuple[int, _Reading | None]] = []
        i = 0
        while i < len(clause):
            reading = self._spelled(texts, i) or self._evident(clause, i)
            readings.append((i, reading))
            i += reading.length if reading else 1
        return readings

    def _spelled(self, texts: Sequence[str], i: int) -> _Reading | None:
        for length in range(min(self._longest, len(texts) - i), 0, -1):
            entry = self._spellings.get(tuple(texts[i : i + length]))
            if entry is not None:
                return _Reading(length, entry)
        return None

    def _evident(self, clause: Clause, i: int) -> _Reading | None:
        found = misheard(clause[i].word)
        entry = self._spellings.get(tuple(found.spelling.split())) if found else None
        whole = (
            found
            and i + found.words <= len(clause)
            and (i == 0 or clause[i - 1].word is not clause[i].word)
        )
        return _Reading(found.words, entry, found) if found and entry and whole else None

    @staticmethod
    def _texts(clause: Clause, readings: Sequence[tuple[int, _Reading | None]]) -> list[str]:
        # Senses look at neighbours: what was misheard is shown to them as what was said.
        return [
            reading.entry.word
            if reading and (reading.evidence or reading.length > 1)
            else clause[i].text
            for i, reading in readings
        ]


def _counted(clause: Clause, i: int, reading: _Reading) -> Counted:
    words = [token.word for token in clause[i : i + reading.length]]
    sure = (
        probability(reading.evidence)
        if reading.evidence
        else min(word.probability for word in words)
    )
    return Counted(
        reading.entry.word,
        words[0].speaker or SpeakerLabel(""),
        words[0].start_ms,
        round(sure, 4),
        _why(clause, i, reading),
    )


def _why(clause: Clause, i: int, reading: _Reading) -> Why:
    if reading.evidence:
        return Why.MISHEARD
    spelled = " ".join(token.text for token in clause[i : i + reading.length])
    if spelled != reading.entry.word:
        return Why.VARIANT
    return Why.EXACT if reading.entry.sense is Sense.ANY else Why.SENSE
