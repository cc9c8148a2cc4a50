"""How words sound, and which lexicon words sound like a written word. Pure.

Spelling to sound by ordered rules for English and for romanised Malay and Hokkien.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, product

from consumers.transcribe.sound_distance import VOWELS, SoundTree, distance
from schemas.lexicon import FOOD, Entry, Sense

_RULES = [
    (r"[^a-z]", ""), (r"^a$", "e"),
    (r"^wh", "w"), (r"^kn", "n"), (r"^wr", "r"), (r"^x|^sh|sch", "S"),
    (r"igh", "I"), (r"tch|ch|^ts|^c(?=ia|io)", "C"), (r"sh|(?<=[iu])x", "S"),
    (r"ph", "f"), (r"th", "t"), (r"gh", "g"), (r"dge|j|zh|gi(?=o)", "J"),
    (r"ck|q|c(?![eiyh])|kh", "k"), (r"c", "s"), (r"z", "s"), (r"x", "ks"), (r"ng\b|ng", "N"),
    (r"(?<!^.)(?<=[^aeiou])e$", ""),
    (r"(?<=[aeiou])r(?![aeiou])", "h"),
    (r"aw|au|ao|ow|ou", "W"),
    (r"oo|ue|ew", "u"), (r"ee|ea|ie$|ey$", "i"), (r"ai|ay|ei|eh$|ae", "e"),
    (r"oh|oa", "o"), (r"ah", "a"), (r"ih", "i"), (r"uh", "a"),
    (r"y(?=[aeiouW])", "Y"), (r"y", "i"), (r"h(?=[^aeiouW]|$)", ""), (r"(.)\1+", r"\1"),
]  # fmt: skip
"""(pattern, sound), applied in this order to the whole word. Kept as a table, several to a line."""
_COMPILED = [(re.compile(pattern), to) for pattern, to in _RULES]
LEAST_HEAD = 2
"""Letters that stay in front of a suffix particle, at least."""
SUFFIX_DISTANCE = 0.2
"""Largest distance between the end of a word and the particle that it may be."""
LONG = 4
"""Sounds of a word that is like others by chance more seldom than a short one."""
TOGETHER = 0.1
"""Largest distance of a written word from two words that were said without a rest."""


@lru_cache(maxsize=8192)
def sound(spelling: str) -> str:
    """The sounds of a spelling, one letter each."""
    found = spelling.lower()
    for pattern, to in _COMPILED:
        found = pattern.sub(to, found)
    return found


class SoundIndex:
    """The words of a lexicon by their sounds.

    `openings` are the words that begin a clause (exclamations, oaths), `endings` the particles that
    end one, `foods` those for food and drink. `long` are those of LONG sounds and more that are no
    English.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        known = list(entries)
        self._spellings = frozenset(chain.from_iterable(entry.spellings for entry in known))
        self._sounds = {entry.word: _sounds(entry) for entry in known}
        # People say few words often: most have been looked for before.
        self._within = lru_cache(maxsize=8192)(SoundTree(self._sounds).within)
        openings = _of_categories(known, "exclamation", "vulgar")
        if "eh" in self._spellings:
            openings |= {"eh"}
        self.openings = frozenset(openings)
        self.endings = frozenset(_of_categories(known, "particle"))
        self.foods = frozenset(_of_categories(known, FOOD))
        own = [entry for entry in known if entry.sense is Sense.ANY]
        self.long = frozenset(entry.word for entry in own if _shortest(entry) >= LONG)
        self._suffixes = dict(self._suffix_sounds())
        self._pairs_within = lru_cache(maxsize=8192)(SoundTree(self._pairs(known)).within)

    def _suffix_sounds(self) -> Iterator[tuple[str, str]]:
        """Particles that begin with a consonant: half of all words end like "ah"."""
        for word, sounds in self._sounds.items():
            of_word = sounds[0]
            if word in self.endings and _begins_with_consonant(of_word):
                yield word, of_word

    def _pairs(self, entries: Iterable[Entry]) -> dict[str, list[str]]:
        """The sounds of two words that people often say without a rest, by both of them.

        These are a word and a particle behind it, and two words for food and drink.
        """
        own = [entry for entry in entries if entry.sense is Sense.ANY]
        heads = [entry for entry in own if entry.category not in ("particle", "exclamation")]
        tails = [entry for entry in own if entry.word in self._suffixes or entry.category == FOOD]
        pairs: dict[str, list[str]] = {}
        for head, tail in product(heads, tails):
            if _follows(head, tail):
                pairs[f"{head.word} {tail.word}"] = _sounds_together(head, tail)
        return pairs

    def knows(self, written: str) -> bool:
        """Whether it is a spelling of the lexicon."""
        return written in self._spellings

    def suffix_particles(self, text: str) -> list[tuple[str, str, float]]:
        """Particles that `text` may end with, run into the word before them ("moxia": mo sia).

        Returns (that word, the particle, the distance of the particle from all of `text`), one a
        particle.
        """
        cuts = list(_cuts(text))
        found: list[tuple[str, str, float]] = []
        for particle, its_sound in self._suffixes.items():
            heads_by_distance = [(distance(tail, its_sound), head) for head, tail in cuts]
            nearest, head = min(heads_by_distance, default=(1.0, ""))
            if nearest <= SUFFIX_DISTANCE:
                from_all = distance(sound(text), its_sound)
                found.append((head, particle, round(from_all, 3)))
        return found

    def run_together(self, text: str) -> list[tuple[str, float]]:
        """Two lexicon words that `text` may be, run together ("goondula"), with their distances."""
        near = self._pairs_within(sound(text), TOGETHER)
        return [(pair, round(far, 3)) for pair, far in near.items()]

    def alike(self, texts: Sequence[str], farthest: float) -> list[tuple[str, float]]:
        """Lexicon words within `farthest` of `texts` run together, with their distances."""
        written = "".join(map(sound, texts))
        if not written:
            return []
        near = self._within(written, farthest)
        return [(word, round(near[word], 3)) for word in self._sounds if word in near]


def _of_categories(entries: Iterable[Entry], *categories: str) -> set[str]:
    wanted = [entry for entry in entries if entry.category in categories]
    return {entry.word for entry in wanted}


def _sounds(entry: Entry) -> tuple[str, ...]:
    """Its distinct sounds, that of the word itself first."""
    return tuple(dict.fromkeys(map(sound, entry.spellings)))


def _sounds_together(head: Entry, tail: Entry) -> list[str]:
    """The sounds of both, said without a rest, for each of their spellings."""
    spellings = product(head.spellings, tail.spellings)
    return [sound(first + second) for first, second in spellings]


def _shortest(entry: Entry) -> int:
    return min(map(len, _sounds(entry)))


def _follows(head: Entry, tail: Entry) -> bool:
    """A particle follows any word. Food follows other food."""
    if tail.category != FOOD:
        return True
    return head.category == FOOD and head != tail


def _cuts(text: str) -> Iterator[tuple[str, str]]:
    """Each word that may stand before a particle, and the sound of the rest."""
    for length in range(LEAST_HEAD, len(text) - 1):
        tail = sound(text[length:])
        if _begins_with_consonant(tail):
            yield text[:length], tail


def _begins_with_consonant(sounds: str) -> bool:
    """Whether there is a first sound, and it is no vowel."""
    return bool(sounds) and sounds[0] not in VOWELS
