"""Pure: where a sentence and a clause of spoken words end."""

import re

from schemas.objects import AttributedWord

PAUSE_MS = 350
"""A silence of this length ends both, even where the recogniser wrote no punctuation."""
_SENTENCE = re.compile(r"[.?!…]['\"”’)]*$")
_CLAUSE = re.compile(r"[.,!?;:…]['\"”’)]*$")


def is_pause(before: AttributedWord, word: AttributedWord) -> bool:
    """Return whether the silence between two words, in this order, ends sentence and clause."""
    return word.start_ms - before.end_ms >= PAUSE_MS


def ends_sentence(text: str) -> bool:
    """Return whether the written word closes a sentence."""
    return _SENTENCE.search(text) is not None


def ends_clause(text: str) -> bool:
    """Return whether the written word closes a clause; every sentence closes one."""
    return _CLAUSE.search(text) is not None
