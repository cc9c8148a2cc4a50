"""Pure: words as clauses of one speaker, the context in which a homograph's sense shows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.objects import AttributedWord

PAUSE_MS = 350
"""A silence that ends a clause even where the recogniser wrote no punctuation."""
_ENDS = re.compile(r"[.,!?;:…]['\"”’)]*$")
_LETTERS = re.compile(r"[a-z0-9']+")


@dataclass(frozen=True)
class Token:
    """One spelling, folded to lower case, and the word it stands in."""

    text: str
    word: AttributedWord


Clause = tuple[Token, ...]


def clauses(words: Sequence[AttributedWord]) -> list[Clause]:
    """Clauses in order; words without a speaker are left out, because nobody can be credited with them."""
    found: list[Clause] = []
    current: list[Token] = []
    before: AttributedWord | None = None
    for word in words:
        if word.speaker is None:
            continue
        if before is not None and _breaks(before, word):
            found.append(tuple(current))
            current = []
        current += [
            Token(text.strip("'"), word)
            for text in _LETTERS.findall(word.text.lower().replace("’", "'"))
        ]
        before = word
    return [clause for clause in [*found, tuple(current)] if clause]


def _breaks(before: AttributedWord, word: AttributedWord) -> bool:
    return (
        before.speaker != word.speaker
        or _ENDS.search(before.text) is not None
        or word.start_ms - before.end_ms >= PAUSE_MS
    )
