"""Pure: which segments of a transcript are the model's own: loops, a sentence said twice, an echo of the prompt."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from consumers.transcribe.looping import is_loop

if TYPE_CHECKING:
    from faster_whisper.transcribe import Segment

REPEATED_WORDS = 4
"""A segment of this many words or more, equal to one before it, fills a passage that was not heard."""
LEAST_MEAN = 0.1
"""Mean word probability below which a segment is an echo of the prompt: heard speech is far above, however odd."""


def believed(segments: "Sequence[Segment]") -> "list[Segment]":
    """The segments that somebody said, in order."""
    seen: set[tuple[str, ...]] = set()
    kept: list[Segment] = []
    for segment in segments:
        said = tuple(word.word.strip(" ,.?!").lower() for word in segment.words or ())
        repeated = len(said) >= REPEATED_WORDS and said in seen
        seen.add(said)
        if said and not repeated and not is_loop(list(said), segment.compression_ratio) and _mean(segment) >= LEAST_MEAN and _takes_time(segment):
            kept.append(segment)
    return kept


def _mean(segment: "Segment") -> float:
    words = segment.words or ()
    return float(sum(word.probability for word in words) / len(words))


def _takes_time(segment: "Segment") -> bool:
    """The aligner finds no place for words that nobody said: it gives them no length."""
    words = segment.words or ()
    return bool(sum(word.end <= word.start for word in words) * 2 <= len(words))
