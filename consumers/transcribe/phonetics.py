"""Pure: which lexicon words a written word may have sounded like. Spelling to sound by rules for English, Malay and Hokkien romanisation."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from schemas.lexicon import Entry

_RULES = [
    (r"[^a-z]", ""), (r"^a$", "e"),
    (r"^wh", "w"), (r"^kn", "n"), (r"^wr", "r"), (r"^x|^sh|sch", "S"),
    (r"igh", "I"), (r"tch|ch|^ts|^c(?=ia|io)", "C"), (r"sh|(?<=[iu])x", "S"), (r"ph", "f"), (r"th", "t"), (r"gh", "g"), (r"dge|j|zh|gi(?=o)", "J"),
    (r"ck|q|c(?![eiyh])|kh", "k"), (r"c", "s"), (r"z", "s"), (r"x", "ks"), (r"ng\b|ng", "N"),
    (r"(?<!^.)(?<=[^aeiou])e$", ""),
    (r"(?<=[aeiou])r(?![aeiou])", "h"),
    (r"aw|au|ao|ow|ou", "W"),
    (r"oo|ue|ew", "u"), (r"ee|ea|ie$|ey$", "i"), (r"ai|ay|ei|eh$|ae", "e"), (r"oh|oa", "o"), (r"ah", "a"), (r"ih", "i"), (r"uh", "a"),
    (r"y(?=[aeiouW])", "Y"), (r"y", "i"), (r"h(?=[^aeiouW]|$)", ""), (r"(.)\1+", r"\1"),
]  # fmt: skip
_COMPILED = [(re.compile(pattern), to) for pattern, to in _RULES]
_VOWELS = frozenset("aeiouWI")
_WEAK = frozenset("hYwg")
_ALIKE = [
    frozenset(group) for group in ("pb", "td", "kg", "CJSs", "nNm", "lr", "fv", "iY", "uw", "kC")
]


@lru_cache(maxsize=8192)
def sound(spelling: str) -> str:
    """One letter a sound."""
    found = spelling.lower()
    for pattern, to in _COMPILED:
        found = pattern.sub(to, found)
    return found


def distance(one: str, other: str) -> float:
    """Edit distance of two sounds over the length of the longer: vowels change cheaply, kindred consonants at half."""
    row = [0.0]
    for b in other:
        row.append(row[-1] + _drop(b))
    for a in one:
        above, row = row, [row[0] + _drop(a)]
        for i, b in enumerate(other):
            row.append(min(above[i] + _change(a, b), above[i + 1] + _drop(a), row[i] + _drop(b)))
    return row[-1] / max(len(one), len(other), 1)


def _drop(a: str) -> float:
    return 0.4 if a in _VOWELS or a in _WEAK else 1.0


def _change(a: str, b: str) -> float:
    if a == b:
        return 0.0
    if a in _VOWELS and b in _VOWELS:
        return 0.3
    return 0.5 if any(a in group and b in group for group in _ALIKE) else 1.0


LEAST_HEAD, TAIL = 2, 0.2
"""Letters before a particle that hangs on a word; largest sound distance of what hangs there."""


class Ear:
    """The sounds of a lexicon's words; which of them open a clause (exclamations, oaths), which end one (particles)."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        held = list(entries)
        self._known = frozenset(
            spelling for entry in held for spelling in (entry.word, *entry.variants)
        )
        self._sounds = {
            entry.word: tuple(dict.fromkeys(map(sound, (entry.word, *entry.variants))))
            for entry in held
        }
        self.openings = frozenset(
            entry.word for entry in held if entry.category in {"exclamation", "vulgar"}
        ) | ({"eh"} & self._known)
        self.endings = frozenset(entry.word for entry in held if entry.category == "particle")
        self._hanging = {
            word: heard
            for word, (heard, *_) in self._sounds.items()
            if word in self.endings and heard and heard[0] not in _VOWELS
        }

    def knows(self, written: str) -> bool:
        """Whether it is a spelling of the lexicon."""
        return written in self._known

    def hanging(self, text: str) -> list[tuple[str, str, float]]:
        """Particles that `text` may end with, run into the word before them ("moxia": more sia): that word, the particle, its distance from `text`.

        Only those that begin with a consonant: half of all words end like "ah".
        """
        cuts = [(text[:n], sound(text[n:])) for n in range(LEAST_HEAD, len(text) - 1)]
        begun = [(head, tail) for head, tail in cuts if tail and tail[0] not in _VOWELS]
        found = [
            (distance(tail, wanted), head, spelling)
            for head, tail in begun
            for spelling, wanted in self._hanging.items()
        ]
        nearest = {
            spelling: (far, head)
            for far, head, spelling in sorted(found, reverse=True)
            if far <= TAIL
        }
        return [
            (head, spelling, round(distance(sound(text), self._hanging[spelling]), 3))
            for spelling, (_, head) in nearest.items()
        ]

    def alike(self, texts: Sequence[str], farthest: float) -> list[tuple[str, float]]:
        """What `texts`, run together, may have been, with the distance of the sounds."""
        heard = "".join(map(sound, texts))
        far = (
            {
                spelling: min(distance(heard, wanted) for wanted in sounds)
                for spelling, sounds in self._sounds.items()
            }
            if heard
            else {}
        )
        return [(spelling, round(d, 3)) for spelling, d in far.items() if d <= farthest]
