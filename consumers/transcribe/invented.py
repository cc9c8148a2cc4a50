"""Pure: which parts of a transcript are the model's own: loops, a sentence said twice, an echo of the prompt."""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from consumers.transcribe.looping import is_loop

if TYPE_CHECKING:
    from faster_whisper.transcribe import Segment, Word

REPEATED_WORDS = 4
"""A segment of this many words or more, equal to one before it, fills a passage that was not heard."""
LEAST_MEAN = 0.1
"""Mean word probability below which a segment is an echo of the prompt: heard speech is far above, however odd."""

NO_LENGTH_S = 0.02
"""One step of the aligner."""


def believed(segments: "Sequence[Segment]") -> "list[Word]":
    """The words that somebody said, in order."""
    seen: set[tuple[str, ...]] = set()
    kept: list[Word] = []
    for segment in segments:
        said = tuple(word.word.strip(" ,.?!").lower() for word in segment.words or ())
        repeated = len(said) >= REPEATED_WORDS and said in seen
        seen.add(said)
        if said and not repeated and not is_loop(list(said), segment.compression_ratio) and _mean(segment) >= LEAST_MEAN:
            kept += segment.words or ()
    return _with_length(kept)


def _mean(segment: "Segment") -> float:
    words = segment.words or ()
    return float(sum(word.probability for word in words) / len(words))


def _with_length(words: "Sequence[Word]") -> "list[Word]":
    """Without two or more in a row that have no length: the aligner finds no place for words that nobody said."""
    runs = [list(run) for _, run in groupby(words, key=lambda word: word.end - word.start <= NO_LENGTH_S)]
    return [word for run in runs if len(run) == 1 or run[0].end - run[0].start > NO_LENGTH_S for word in run]
