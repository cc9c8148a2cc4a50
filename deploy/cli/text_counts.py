"""`lahstats count`: the product's own counting on lines of text."""

from collections import Counter as Tally
from collections.abc import Iterable, Iterator

from schemas.ids import SpeakerLabel
from schemas.objects import AttributedWord
from streams.tally.counter import Counter

WORD_MS = 300
PAUSE_MS = 50
"""Text has no clock: words follow each other at about three a second, as in talk."""


def counted(lines: Iterable[str], counter: Counter) -> Iterator[dict[str, int]]:
    """Word -> count for each line, one speaker, in the order of first appearance."""
    for line in lines:
        yield dict(Tally(found.word for found in counter.count(spoken(line))))


def spoken(line: str) -> list[AttributedWord]:
    """The words of a line, all of one speaker."""
    return [
        AttributedWord(
            text=text,
            start_ms=n * WORD_MS,
            end_ms=(n + 1) * WORD_MS - PAUSE_MS,
            probability=1.0,
            speaker=SpeakerLabel("S1"),
        )
        for n, text in enumerate(line.split())
    ]
