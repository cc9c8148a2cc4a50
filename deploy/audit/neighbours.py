"""Pure: the object and the event that attribution makes of the words of a window."""

from collections.abc import Mapping

from schemas.objects import AttributedWord, AttributedWords
from schemas.ranges import Ranges
from schemas.session_events import SessionSealed
from schemas.word_events import WordsAttributed

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


def attributed(
    sealed: SessionSealed, window: int, occurred_at_ms: int, missing: Ranges
) -> WordsAttributed:
    """Return the event of a window that `tally` counts, without a pointer to its words."""
    return WordsAttributed(
        occurred_at_ms=occurred_at_ms,
        session_id=sealed.session_id,
        window=window,
        generation=sealed.generation,
        words=None,
        missing=missing,
        window_start_ms=window * sealed.window_ms,
        lexicon=sealed.lexicon,
        time_zone=sealed.time_zone,
        recorded_at_ms=sealed.recorded_at_ms,
    )
