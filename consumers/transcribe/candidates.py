"""Pure: which written words may be a lexicon word heard badly, and are worth the recogniser's second opinion."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from consumers.transcribe.phonetics import Ear
from schemas.objects import HeardWord

PAUSE_MS = 200
LONGEST, MOST = 3, 4
"""Written words that may be one word; spellings asked about at one place, the nearest ones."""
BY_EAR, SPLIT, COMMON, INSIDE = 0.26, 0.2, 0.26, 0.15
"""Largest sound distance for a word spelled by ear, for words split off one word, for an everyday word, for one within a clause."""
UNSURE, SURE = 0.75, 0.98
"""Split words have one that the recogniser was less sure of than this; everyday words that it was surer of are not asked about."""
_ENDS = re.compile(r"[.,!?;:…]$")


@dataclass(frozen=True)
class Suspect:
    """`spelling` may have been said where `tokens` words from `first` on are written, after `head` where it hangs on the word before it.

    `closing`: it ends a clause that the recogniser went on with.
    """

    first: int
    tokens: int
    spelling: str
    distance: float
    common: bool
    head: str = ""
    closing: bool = False

    @property
    def text(self) -> str:
        """What would be written."""
        return f"{self.head} {self.spelling}".strip() + "," * self.closing


def suspects(
    words: Sequence[HeardWord], ear: Ear, is_common: Callable[[str], bool]
) -> list[Suspect]:
    """In order of the words, the nearest first."""
    texts = [re.sub(r"[^a-z']", "", word.text.lower()) for word in words]
    found: list[Suspect] = []
    for first in range(len(words)):
        lengths = [
            tokens
            for tokens in range(1, LONGEST + 1)
            if _is_phrase(words, texts, first, tokens, ear)
        ]
        near = [
            suspect
            for tokens in lengths
            for suspect in _near(words, texts, first, tokens, ear, is_common)
        ]
        found += sorted(near, key=lambda s: (s.distance, s.spelling))[:MOST]
    return _inmost(found)


def _is_phrase(
    words: Sequence[HeardWord], texts: Sequence[str], first: int, tokens: int, ear: Ear
) -> bool:
    # A word of the lexicon is taken at its word, and nobody says one word over a comma.
    inside = range(first, first + tokens)
    if inside.stop > len(words) or any(not texts[i] or ear.knows(texts[i]) for i in inside):
        return False
    return not any(_parted(words[i], words[i + 1]) for i in inside[:-1])


def _near(
    words: Sequence[HeardWord],
    texts: Sequence[str],
    first: int,
    tokens: int,
    ear: Ear,
    is_common: Callable[[str], bool],
) -> list[Suspect]:
    span = range(first, first + tokens)
    common = all(is_common(_cased(words[i], texts[i])) for i in span)
    surest = min(words[i].probability for i in span)
    if common and surest >= (SURE if tokens == 1 else UNSURE):
        return []
    most = SPLIT if tokens > 1 else COMMON if common else BY_EAR
    alike = ear.alike([texts[i] for i in span], most)
    begins, ends = first == 0 or _parted(words[first - 1], words[first]), _ends(words, first)
    if common and tokens == 1:
        alike = [
            (spelling, far)
            for spelling, far in alike
            if _has_its_place(spelling, far, begins, ends, ear)
        ]
    if not alike and not common and tokens == 1 and ends:
        return [
            Suspect(first, 1, spelling, far, False, head)
            for head, spelling, far in ear.hanging(texts[first])
        ]
    inside = tokens == 1 and not ends
    return [
        Suspect(first, tokens, spelling, far, common, closing=inside and spelling in ear.endings)
        for spelling, far in alike
    ]


def _cased(word: HeardWord, text: str) -> str:
    return text.capitalize() if word.text[:1].isupper() else text


def _has_its_place(spelling: str, far: float, begins: bool, ends: bool, ear: Ear) -> bool:
    """An everyday word stands for an exclamation only where a clause begins, for a particle only behind another word.

    That a particle ends the clause is for the recogniser to say: "Can law but" is weighed against "Can lor, but".
    """
    inside = not begins and far <= INSIDE
    return (begins and spelling in ear.openings) or ((ends or inside) and spelling in ear.endings)


def _ends(words: Sequence[HeardWord], i: int) -> bool:
    return i + 1 == len(words) or _parted(words[i], words[i + 1])


def _parted(before: HeardWord, after: HeardWord) -> bool:
    return _ENDS.search(before.text) is not None or after.start_ms - before.end_ms > PAUSE_MS


def _inmost(found: list[Suspect]) -> list[Suspect]:
    """Without those that only add a word around a span which sounds at least as much like the same spelling."""
    return [
        s
        for s in found
        if not any(
            _is_within(o, s) and o.spelling == s.spelling and o.distance <= s.distance
            for o in found
        )
    ]


def _is_within(inner: Suspect, outer: Suspect) -> bool:
    return (
        inner.tokens < outer.tokens
        and outer.first <= inner.first
        and inner.first + inner.tokens <= outer.first + outer.tokens
    )
