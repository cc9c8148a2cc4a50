"""Pure: words as clauses of one speaker, the context in which a homograph's sense shows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.clause_ends import ends_clause, is_pause
from schemas.objects import AttributedWord

_LETTERS = re.compile(r"[a-z0-9']+")


@dataclass(frozen=True)
class Token:
    """One spelling in lower case, and the word that it is part of."""

    text: str
    word: AttributedWord


Clause = tuple[Token, ...]


def clauses(words: Sequence[AttributedWord]) -> list[Clause]:
    """Returns the clauses in order. Words without a speaker are left out: nobody is credited."""
    found: list[Clause] = []
    current: list[Token] = []
    before: AttributedWord | None = None
    for word in words:
        if word.speaker is None:
            continue
        if before is not None and _is_break(before, word):
            found.append(tuple(current))
            current = []
        current += _tokens(word)
        before = word
    found.append(tuple(current))
    return [clause for clause in found if clause]


def _tokens(word: AttributedWord) -> list[Token]:
    text = word.text.lower().replace("’", "'")
    return [Token(letters.strip("'"), word) for letters in _LETTERS.findall(text)]


def _is_break(before: AttributedWord, word: AttributedWord) -> bool:
    if before.speaker != word.speaker or ends_clause(before.text):
        return True
    return is_pause(before, word)
