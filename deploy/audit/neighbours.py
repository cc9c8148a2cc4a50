"""Pure: the words of a window beside those of its neighbours, as attribution stores them."""

from collections.abc import Mapping

from schemas.objects import AttributedWord, AttributedWords

Words = Mapping[int, tuple[AttributedWord, ...]]
"""By the number of the window: of those that can be read."""


def beside(words: Words, number: int) -> AttributedWords:
    """Return the words of a window that can be read, beside those of its neighbours."""
    return AttributedWords(
        words=words[number],
        before=words.get(number - 1, ()),
        after=words.get(number + 1, ()),
    )


def follows(stored: AttributedWords, words: Words, number: int) -> bool:
    """Return whether what is stored of a window follows from the words that can be read.

    Objects from before docs/adr/0050 have no neighbours: their window was counted alone.
    """
    if stored.words != words[number]:
        return False
    if not stored.before and not stored.after:
        return True
    neighbours = {number - 1: stored.before, number + 1: stored.after}
    return all(words.get(other, kept) == kept for other, kept in neighbours.items())
