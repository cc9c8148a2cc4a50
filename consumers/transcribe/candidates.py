"""Finds candidates: lexicon words that may have been said where something else is written. Pure.

A candidate sounds like the written words. The recogniser then compares it with them. The thresholds
and their cost: docs/adr/0009.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from consumers.transcribe.phonetics import SoundIndex
from consumers.transcribe.spelling import letters
from schemas.clause_ends import ends_clause
from schemas.objects import TranscribedWord

WITHIN_WORD_MS = 200
"""A longer pause between two written words parts them: nobody says one word over it."""
LONGEST = 3
"""Written words that may be one word."""
MOST = 4
"""Candidates at one place: the nearest ones."""
BY_EAR = 0.26
"""Largest distance of sounds for a word that the recogniser spelled by ear."""
SPLIT = 0.2
"""The same for two or three written words that may be one.

A long word may be as far from everyday words as COMMON: they do not spell it by its sound.
"""
COMMON = 0.26
"""The same for a word of everyday English."""
BEHIND_FOOD = 0.28
"""The same for an everyday word behind food or drink, which may be more of it ("kopi bang")."""
SAME = 0.06
"""The same for a written word that is taken for food or drink in front of another word."""
INSIDE = 0.15
"""The same for a word of everyday English within a clause."""
UNSURE = 0.75
"""Two or three everyday words are considered only if one of them has a lower probability."""
SURE = 0.98
"""An everyday word with a higher probability is never reconsidered."""
IsCommon = Callable[[str], bool]


@dataclass(frozen=True)
class CandidateSpan:
    """`spelling` may have been said where `words` written words begin at `first`.

    It is one word of the lexicon, or two that were said without a rest. `common`: the written words
    are everyday English. `head`: the word in front of a particle that is written as a suffix of it.
    `clause_final`: it ends a clause that goes on as it is written.
    """

    first: int
    words: int
    spelling: str
    distance: float
    common: bool
    head: str = ""
    clause_final: bool = False

    @property
    def end(self) -> int:
        """Index of the word after it."""
        return self.first + self.words

    @property
    def text(self) -> str:
        """The text to write in place of these words."""
        text = f"{self.head} {self.spelling}".strip()
        return f"{text}," if self.clause_final else text


def find_candidates(
    words: Sequence[TranscribedWord], sounds: SoundIndex, is_common: IsCommon
) -> list[CandidateSpan]:
    """In order of the words, the nearest first.

    `is_common` says whether a word is everyday English as it is written, capital included.
    """
    search = _Search(_written(words, is_common), sounds)
    found: list[CandidateSpan] = []
    for first in range(len(words)):
        near = sorted(search.starting_at(first), key=_by_distance)
        found += near[:MOST]
    return [span for span in found if not _is_needless(span, found)]


@dataclass(frozen=True)
class _Written:
    """A written word and its place in the clause. `text`: its letters, in lower case."""

    text: str
    probability: float
    is_common: bool
    begins_clause: bool
    ends_clause: bool


def _written(words: Sequence[TranscribedWord], is_common: IsCommon) -> list[_Written]:
    found: list[_Written] = []
    begins_clause = True
    last = len(words) - 1
    for number, word in enumerate(words):
        text = letters(word.text).lower()
        has_capital = word.text[:1].isupper()
        as_written = text.capitalize() if has_capital else text
        ends_clause_here = number == last or _is_clause_end(word, words[number + 1])
        written = _Written(
            text=text,
            probability=word.probability,
            is_common=is_common(as_written),
            begins_clause=begins_clause,
            ends_clause=ends_clause_here,
        )
        found.append(written)
        begins_clause = ends_clause_here
    return found


def _is_clause_end(word: TranscribedWord, after: TranscribedWord) -> bool:
    pause_ms = after.start_ms - word.end_ms
    return pause_ms > WITHIN_WORD_MS or ends_clause(word.text)


class _Search:
    """Looks for candidates among the words of one stretch."""

    def __init__(self, words: Sequence[_Written], sounds: SoundIndex) -> None:
        self._words = words
        self._sounds = sounds

    def starting_at(self, first: int) -> Iterator[CandidateSpan]:
        """Candidates for spans of one to LONGEST words."""
        for count in range(1, LONGEST + 1):
            span = self._words[first : first + count]
            if len(span) < count or not self._is_phrase(span):
                continue
            if count == 1:
                yield from self._for_word(first)
            else:
                yield from self._for_phrase(first, span)

    def _is_phrase(self, span: Sequence[_Written]) -> bool:
        """Whether they may be one word: none is in the lexicon, no clause ends before the last."""
        for word in span:
            if not word.text or self._sounds.knows(word.text):
                return False
        return not any(word.ends_clause for word in span[:-1])

    def _for_phrase(self, first: int, span: Sequence[_Written]) -> Iterator[CandidateSpan]:
        common = all(word.is_common for word in span)
        least_probability = min(word.probability for word in span)
        if common and least_probability >= UNSURE:
            return
        texts = [word.text for word in span]
        for spelling, far in self._sounds.alike(texts, COMMON if common else SPLIT):
            if far <= SPLIT or spelling in self._sounds.long:
                yield CandidateSpan(first, len(span), spelling, far, common)

    def _for_word(self, at: int) -> Iterator[CandidateSpan]:
        word = self._words[at]
        if not word.is_common:
            yield from self._spelled_by_ear(at)
        elif word.probability < SURE:
            yield from self._everyday(at)

    def _everyday(self, at: int) -> Iterator[CandidateSpan]:
        word = self._words[at]
        for spelling, far in self._sounds.alike([word.text], BEHIND_FOOD):
            is_near = far <= COMMON
            has_its_place = is_near and self._has_its_place(spelling, far, word)
            if has_its_place or self._is_more_food(spelling, at):
                yield self._of_word(at, spelling, far, common=True)

    def _spelled_by_ear(self, at: int) -> Iterator[CandidateSpan]:
        word = self._words[at]
        alike = self._sounds.alike([word.text], BY_EAR)
        for spelling, far in alike:
            yield self._of_word(at, spelling, far, common=False)
        nearest = min((far for _, far in alike), default=1.0)
        for pair, far in self._sounds.run_together(word.text):
            if far < nearest:
                yield CandidateSpan(at, 1, pair, far, common=False)
        if not alike and word.ends_clause:
            for head, particle, far in self._sounds.suffix_particles(word.text):
                yield CandidateSpan(at, 1, particle, far, common=False, head=head)

    def _of_word(self, at: int, spelling: str, far: float, common: bool) -> CandidateSpan:
        goes_on = not self._words[at].ends_clause
        clause_final = goes_on and spelling in self._sounds.endings
        return CandidateSpan(at, 1, spelling, far, common, clause_final=clause_final)

    def _has_its_place(self, spelling: str, far: float, word: _Written) -> bool:
        """An everyday word may be an exclamation where a clause begins, a particle behind a word.

        The recogniser decides whether the particle ends the clause: "Can law but" is compared with
        "Can lor, but".
        """
        if word.begins_clause and spelling in self._sounds.openings:
            return True
        may_end = word.ends_clause or (not word.begins_clause and far <= INSIDE)
        return may_end and spelling in self._sounds.endings

    def _is_more_food(self, spelling: str, at: int) -> bool:
        """Whether it is food or drink, behind other food or drink of the same clause."""
        if spelling not in self._sounds.foods or self._words[at].begins_clause:
            return False
        before = self._words[at - 1].text
        may_be = [word for word, _ in self._sounds.alike([before], SAME)]
        return not self._sounds.foods.isdisjoint(may_be)


def _by_distance(span: CandidateSpan) -> tuple[float, str]:
    return span.distance, span.spelling


def _is_needless(span: CandidateSpan, found: Sequence[CandidateSpan]) -> bool:
    return any(_adds_nothing_to(other, span) for other in found)


def _adds_nothing_to(inner: CandidateSpan, outer: CandidateSpan) -> bool:
    """Whether `outer` only adds words around `inner`, and sounds no more like the spelling."""
    is_within = outer.first <= inner.first and inner.end <= outer.end
    is_shorter = inner.words < outer.words
    is_same = inner.spelling == outer.spelling
    return is_within and is_shorter and is_same and inner.distance <= outer.distance
