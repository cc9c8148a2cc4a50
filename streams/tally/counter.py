"""Pure: counts the lexicon words among spoken words, each with the reason why it counts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from schemas.ids import SpeakerLabel
from schemas.lexicon import FOOD, Entry, Lexicon, Sense
from schemas.objects import AttributedWord, AttributedWords, Candidate
from streams.tally.clauses import Clause, Token, clauses
from streams.tally.evidence import BRIEF_MS, Evidence, Surroundings, calibration, companies
from streams.tally.misheard import misheard
from streams.tally.senses import Senses, document


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


@dataclass(frozen=True)
class _Match:
    """`length` tokens match a lexicon word, by their spelling or by evidence."""

    length: int
    entry: Entry
    evidence: Candidate | None = None


@dataclass(frozen=True)
class _Piece:
    """The tokens that one match covers; a single token where nothing matches."""

    tokens: Sequence[Token]
    match: _Match | None

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
class _Counting:
    """A piece that counts, and as what."""

    piece: _Piece
    match: _Match

    @property
    def start_ms(self) -> int:
        """When it was said."""
        return self.piece.words[0].start_ms

    @property
    def written(self) -> int:
        """The same for two that were written as one word."""
        return id(self.piece.words[0])


class Counter:
    """Counts by one lexicon. Only whole tokens match.

    The longest spelling wins, and a spelling wins over evidence.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self.version = lexicon.version
        self._senses = Senses(document())
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
        near = [*self._found(before), *self._found(after)]
        counted = list(map(_counted, found, _evidences(found, near, surroundings)))
        return sorted(counted, key=lambda one: (one.start_ms, one.speaker, one.word))

    def count_window(self, window: AttributedWords) -> list[Counted]:
        """Returns the counted words of a window, which are judged with those of its neighbours."""
        return self.count(window.words, window.before, window.after)

    def _found(self, words: Sequence[AttributedWord]) -> list[_Counting]:
        found: list[_Counting] = []
        for clause in clauses(words):
            found += self._count_clause(clause)
        return found

    def _count_clause(self, clause: Clause) -> Iterator[_Counting]:
        pieces = list(self._pieces(clause))
        texts = [piece.text for piece in pieces]
        for place, piece in enumerate(pieces):
            match = piece.match
            if match is not None and self._senses.counts(match.entry.sense, texts, place):
                yield _Counting(piece, match)

    def _pieces(self, clause: Clause) -> Iterator[_Piece]:
        texts = [token.text for token in clause]
        before: Entry | None = None
        i = 0
        while i < len(clause):
            spelled = self._spelled(texts, i)
            matches = [spelled] if spelled else self._evident(clause, i, before)
            if not matches:
                yield _Piece(clause[i : i + 1], None)
                before = None
                i += 1
                continue
            end = i + matches[0].length
            for match in matches:
                yield _Piece(clause[i:end], match)
            before = matches[-1].entry
            i = end

    def _spelled(self, texts: Sequence[str], i: int) -> _Match | None:
        for length in range(min(self._longest, len(texts) - i), 0, -1):
            entry = self._spellings.get(tuple(texts[i : i + length]))
            if entry is not None:
                return _Match(length, entry)
        return None

    def _evident(self, clause: Clause, i: int, before: Entry | None) -> list[_Match]:
        """Returns one match, or two where two words were heard as one; empty without evidence."""
        word = clause[i].word
        usual = self._foods if before is not None and before.word in self._foods else ()
        candidate = misheard(word, usual)
        if candidate is None or i + candidate.words > len(clause):
            return []
        if i > 0 and clause[i - 1].word is word:
            return []  # evidence is about the whole written word, from its first token on
        entries = self._entries(candidate.spelling.split())
        return [_Match(candidate.words, entry, candidate) for entry in entries]

    def _entries(self, texts: Sequence[str]) -> list[Entry]:
        """Returns the words of the lexicon that the texts are made of; empty when one is none."""
        found: list[Entry] = []
        i = 0
        while i < len(texts):
            match = self._spelled(texts, i)
            if match is None:
                return []
            found.append(match.entry)
            i += match.length
        return found


def _evidences(
    found: Sequence[_Counting], near: Sequence[_Counting], surroundings: Surroundings
) -> list[Evidence]:
    """The evidence of `found`, in company of each other and of those `near`."""
    every = [*found, *near]
    alone = [_evidence(counting, surroundings) for counting in every]
    company = _company(every, alone)
    return [replace(alone[n], company=company[one.written]) for n, one in enumerate(found)]


def _company(every: Sequence[_Counting], alone: Sequence[Evidence]) -> dict[int, float]:
    """How much speaks for the others near each, by `written`.

    Two that were written as one are one piece of evidence, and no company to each other.
    """
    strengths: dict[int, tuple[int, float]] = {}
    for counting, evidence in zip(every, alone, strict=True):
        strength = calibration().strength(evidence)
        strengths[counting.written] = (counting.start_ms, strength)
    found = companies(list(strengths.values()))
    return dict(zip(strengths, found, strict=True))


def _evidence(counting: _Counting, surroundings: Surroundings) -> Evidence:
    words = counting.piece.words
    return Evidence(
        written=min(word.probability for word in words),
        around=surroundings.around(words),
        english=min(word.english for word in words),
        is_brief=words[-1].end_ms - words[0].start_ms < BRIEF_MS,
        candidate=counting.match.evidence,
    )


def _counted(counting: _Counting, evidence: Evidence) -> Counted:
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


def _why(piece: _Piece, match: _Match) -> Why:
    if match.evidence:
        return Why.MISHEARD
    if piece.spelling != match.entry.word:
        return Why.VARIANT
    return Why.EXACT if match.entry.sense is Sense.ANY else Why.SENSE
