"""Pure: counts the lexicon words among spoken words, each with the reason why it counts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from schemas.ids import SpeakerLabel
from schemas.lexicon import FOOD, Entry, Lexicon, Sense
from schemas.objects import AttributedWord, AttributedWords
from streams.tally.clauses import Clause, clauses
from streams.tally.evidence import BRIEF_MS, Evidence, Surroundings, calibration, companies
from streams.tally.misheard import misheard
from streams.tally.pieces import Counting, Match, Piece
from streams.tally.senses import shipped

HESITATIONS = frozenset({"ah", "eh", "huh"})
"""Sounds that people make in every language while they think. They hold no other count up."""


class Why(StrEnum):
    """The reason why a word counts."""

    EXACT = "exact"
    VARIANT = "variant"
    SENSE = "sense"
    MISHEARD = "misheard"


@dataclass(frozen=True)
class Counted:
    """A lexicon word said by `speaker` at `start_ms` of the session.

    `maybe`: it is too improbable to be shown as a count, by its `evidence`.
    """

    word: str
    speaker: SpeakerLabel
    start_ms: int
    probability: float
    why: Why
    maybe: bool = False
    evidence: Evidence | None = None


class Counter:
    """Counts by one lexicon. Only whole tokens match.

    The longest spelling wins, and a spelling wins over evidence.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self.version = lexicon.version
        self._senses = shipped()
        self._spellings: dict[tuple[str, ...], Entry] = {}
        for entry in lexicon.words:
            for spelling in entry.spellings:
                self._spellings[tuple(spelling.split())] = entry
        self._foods = frozenset(one.word for one in lexicon.words if one.category == FOOD)
        self._longest = max(map(len, self._spellings), default=0)

    def count(
        self,
        words: Sequence[AttributedWord],
        before: Sequence[AttributedWord] = (),
        after: Sequence[AttributedWord] = (),
    ) -> list[Counted]:
        """Returns the counted words in order of time, then of speaker and word.

        The words `before` and `after` are not counted: these are judged with them.
        """
        surroundings = Surroundings([*before, *words, *after])
        found = self._found(words)
        nearby = [*self._found(before), *self._found(after)]
        evidences = _evidences(found, nearby, surroundings)
        counted = map(_counted, found, evidences)
        return sorted(counted, key=_time_speaker_and_word)

    def count_window(self, window: AttributedWords) -> list[Counted]:
        """Returns the counted words of a window, which are judged with those of its neighbours."""
        return self.count(window.words, window.before, window.after)

    def _found(self, words: Sequence[AttributedWord]) -> list[Counting]:
        found: list[Counting] = []
        for clause in clauses(words):
            found += self._count_clause(clause)
        return found

    def _count_clause(self, clause: Clause) -> Iterator[Counting]:
        pieces = list(self._pieces(clause))
        texts = [piece.text for piece in pieces]
        for place, piece in enumerate(pieces):
            match = piece.match
            if match is not None and self._senses.counts(match.entry.sense, texts, place):
                yield Counting(piece, match)

    def _pieces(self, clause: Clause) -> Iterator[Piece]:
        """Cuts a clause into pieces, from left to right."""
        texts = [token.text for token in clause]
        before: Entry | None = None
        start = 0
        while start < len(clause):
            matches = self._matches(clause, texts, start, before)
            if not matches:
                yield Piece(clause[start : start + 1], None)
                before = None
                start += 1
                continue
            end = start + matches[0].length
            for match in matches:
                yield Piece(clause[start:end], match)
            before = matches[-1].entry
            start = end

    def _matches(
        self, clause: Clause, texts: Sequence[str], start: int, before: Entry | None
    ) -> list[Match]:
        """Returns what the tokens from `start` on match: by spelling, or else by evidence.

        `before` is the entry that the piece in front matches. `texts` are those of the clause.
        """
        by_spelling = self._by_spelling(texts, start)
        if by_spelling is not None:
            return [by_spelling]
        return self._by_evidence(clause, start, before)

    def _by_spelling(self, texts: Sequence[str], start: int) -> Match | None:
        """Returns the longest spelling that begins at `start`; None when there is none."""
        most = min(self._longest, len(texts) - start)
        for length in range(most, 0, -1):
            spelling = tuple(texts[start : start + length])
            entry = self._spellings.get(spelling)
            if entry is not None:
                return Match(length, entry)
        return None

    def _by_evidence(self, clause: Clause, start: int, before: Entry | None) -> list[Match]:
        """Returns one match, or two where two words were heard as one; empty without evidence."""
        word = clause[start].word
        if start > 0 and clause[start - 1].word is word:
            return []  # evidence is about the whole written word, from its first token on
        is_after_food = before is not None and before.word in self._foods
        usual = self._foods if is_after_food else frozenset[str]()
        candidate = misheard(word, usual)
        if candidate is None or start + candidate.words > len(clause):
            return []
        entries = self._entries(candidate.spelling.split())
        return [Match(candidate.words, entry, candidate) for entry in entries]

    def _entries(self, texts: Sequence[str]) -> list[Entry]:
        """Returns the words of the lexicon that the texts are made of; empty when one is none."""
        found: list[Entry] = []
        start = 0
        while start < len(texts):
            match = self._by_spelling(texts, start)
            if match is None:
                return []
            found.append(match.entry)
            start += match.length
        return found


def _time_speaker_and_word(counted: Counted) -> tuple[int, SpeakerLabel, str]:
    return counted.start_ms, counted.speaker, counted.word


def _evidences(
    found: Sequence[Counting], nearby: Sequence[Counting], surroundings: Surroundings
) -> list[Evidence]:
    """The evidence of each of `found`, in company of the others and of those `nearby`."""
    everything = [*found, *nearby]
    without_company = [_evidence(counting, surroundings) for counting in everything]
    company = _company(everything, without_company)
    return [
        replace(evidence, company=company[counting.written_as])
        for counting, evidence in zip(found, without_company, strict=False)
    ]


def _company(
    everything: Sequence[Counting], without_company: Sequence[Evidence]
) -> dict[int, float]:
    """How much speaks for the others near each, by `written_as`.

    Two that were written as one word are one piece of evidence, and no company to each other.
    """
    strengths: dict[int, tuple[int, float]] = {}
    for counting, evidence in zip(everything, without_company, strict=True):
        is_hesitation = counting.match.entry.word in HESITATIONS
        strength = 0.0 if is_hesitation else calibration().strength(evidence)
        strengths[counting.written_as] = (counting.start_ms, strength)
    company = companies(list(strengths.values()))
    return dict(zip(strengths, company, strict=True))


def _evidence(counting: Counting, surroundings: Surroundings) -> Evidence:
    words = counting.piece.words
    return Evidence(
        written=min(word.probability for word in words),
        around=surroundings.around(words),
        english=min(word.english for word in words),
        is_brief=words[-1].end_ms - words[0].start_ms < BRIEF_MS,
        candidate=counting.match.evidence,
    )


def _counted(counting: Counting, evidence: Evidence) -> Counted:
    first = counting.piece.words[0]
    known = calibration()
    probability = known.probability(evidence)
    return Counted(
        word=counting.match.entry.word,
        speaker=first.speaker or SpeakerLabel(""),
        start_ms=first.start_ms,
        probability=round(probability, 4),
        why=_why(counting.piece, counting.match),
        maybe=probability < known.shown_from,
        evidence=evidence,
    )


def _why(piece: Piece, match: Match) -> Why:
    if match.evidence:
        return Why.MISHEARD
    if piece.spelling != match.entry.word:
        return Why.VARIANT
    if match.entry.sense is Sense.ANY:
        return Why.EXACT
    return Why.SENSE
