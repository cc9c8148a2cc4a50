"""How far two sounds are apart, and which of many are near. Pure.

A sound is what `phonetics.sound` makes of a spelling, one letter each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

VOWELS = frozenset("aeiouWI")
_WEAK = frozenset("hYwg")
_ALIKE = ("pb", "td", "kg", "CJSs", "nNm", "lr", "fv", "iY", "uw", "kC")
"""Consonants that are made alike, a group each; and vowels beside the glides that they become."""
_DROP_WEAK = 0.4
_CHANGE_VOWEL = 0.3
_CHANGE_ALIKE = 0.5
"""Costs of one edit. A full one costs 1: dropping a firm consonant, or changing it to another."""


def distance(one: str, other: str) -> float:
    """Weighted edit distance of two sounds over the length of the longer: 0 is the same.

    Vowels change cheaply, related consonants at half the cost. Symmetric.
    """
    row = _first_row(other)
    for letter in one:
        row = _next_row(row, letter, other)
    return row[-1] / max(len(one), len(other), 1)


def _first_row(other: str) -> list[float]:
    row = [0.0]
    for letter in other:
        row.append(row[-1] + _drop(letter))
    return row


def _next_row(above: Sequence[float], letter: str, other: str) -> list[float]:
    """The next row of the table of edits (Wagner and Fischer, 1974)."""
    drop = _drop(letter)
    row = [above[0] + drop]
    for column, wanted in enumerate(other):
        changed = above[column] + _change(letter, wanted)
        dropped = above[column + 1] + drop
        added = row[column] + _drop(wanted)
        row.append(min(changed, dropped, added))
    return row


@cache
def _drop(letter: str) -> float:
    is_weak = letter in VOWELS or letter in _WEAK
    return _DROP_WEAK if is_weak else 1.0


@cache
def _change(one: str, other: str) -> float:
    if one == other:
        return 0.0
    if one in VOWELS and other in VOWELS:
        return _CHANGE_VOWEL
    are_alike = any(one in group and other in group for group in _ALIKE)
    return _CHANGE_ALIKE if are_alike else 1.0


@dataclass
class _Node:
    """The sounds that begin alike. `longest`: letters of the longest; `words` sound like this."""

    longest: int = 0
    words: list[str] = field(default_factory=list)
    next: dict[str, "_Node"] = field(default_factory=dict)


class SoundTree:
    """Words by their sounds, as a tree of letters.

    Words that begin alike share the rows of the table of edits, and those that are too far by their
    first letters are left out together.
    """

    def __init__(self, sounds: Mapping[str, Sequence[str]]) -> None:
        """`sounds` are those of each word."""
        self._root = _Node()
        for word, of_word in sounds.items():
            for one in of_word:
                self._add(word, one)

    def _add(self, word: str, sound: str) -> None:
        node = self._root
        for letter in sound:
            node.longest = max(node.longest, len(sound))
            node = node.next.setdefault(letter, _Node())
        node.longest = max(node.longest, len(sound))
        node.words.append(word)

    def within(self, sound: str, farthest: float) -> dict[str, float]:
        """The words that are no farther from `sound`, with the `distance` of their nearest one."""
        found: dict[str, float] = {}
        open_nodes = [(self._root, _first_row(sound), 0)]
        while open_nodes:
            node, row, depth = open_nodes.pop()
            far = row[-1] / max(len(sound), depth, 1)
            if node.words and far <= farthest:
                found |= {word: min(far, found.get(word, far)) for word in node.words}
            for letter, after in node.next.items():
                below = _next_row(row, letter, sound)
                # No cost is negative: the rest of a sound never makes it nearer than its row.
                if min(below) / max(len(sound), after.longest) <= farthest:
                    open_nodes.append((after, below, depth + 1))
        return found
