"""Pure: the silence that ends a sentence and a clause."""

from schemas.objects import AttributedWord

PAUSE_MS = 350
"""A silence of this length ends both, even where the recogniser wrote no punctuation."""


def is_pause(before: AttributedWord, word: AttributedWord) -> bool:
    """Returns whether the silence between two words, in this order, ends sentence and clause.

    `schemas/punctuation.py` has the other way in which they end.
    """
    return word.start_ms - before.end_ms >= PAUSE_MS
