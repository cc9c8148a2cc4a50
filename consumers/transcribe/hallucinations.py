"""Pure: which parts of a transcript are the model's own: loops, a sentence said twice, an echo of the prompt."""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from faster_whisper.transcribe import Segment, Word

REPEATED_WORDS = 4
"""A segment of this many words or more, equal to one before it, fills a passage that was not heard."""
LEAST_MEAN = 0.05
"""Mean word probability below which nobody said a segment: a reply of 0.6 s in words that Whisper does not know has 0.08."""
ECHO_WORDS, ECHO_MEAN = 4, 0.2
"""So many words, all of the prompt, below this mean are its echo: probabilities are those of a reading without the prompt."""
NO_LENGTH_S = 0.02
"""One step of the aligner."""
REPEATS, LONGEST_PHRASE = 5, 4
"""People say "can can can can"; five times in a row is the model (in the five recordings nobody says a phrase five times)."""
COMPRESSION = 2.4
"""Whisper's own gate on repetitive text: characters over zlib bytes (Radford et al., 2022, section 4.5)."""


def believed(segments: "Sequence[Segment]", prompt: frozenset[str] = frozenset()) -> "list[Word]":
    """The words that somebody said, in order. `prompt`: words that were put before the decoding, in lower case."""
    seen: set[tuple[str, ...]] = set()
    kept: list[Word] = []
    for segment in segments:
        said = tuple(word.word.strip(" ,.?!").lower() for word in segment.words or ())
        repeated = len(said) >= REPEATED_WORDS and said in seen
        seen.add(said)
        least = ECHO_MEAN if len(said) >= ECHO_WORDS and prompt.issuperset(said) else LEAST_MEAN
        if (
            said
            and not repeated
            and not is_loop(list(said), segment.compression_ratio)
            and _mean(segment) >= least
        ):
            kept += segment.words or ()
    return _with_length(kept)


def _mean(segment: "Segment") -> float:
    words = segment.words or ()
    return float(sum(word.probability for word in words) / len(words))


def _with_length(words: "Sequence[Word]") -> "list[Word]":
    """Without two or more in a row that have no length: the aligner finds no place for words that nobody said."""
    runs = [
        list(run)
        for _, run in groupby(words, key=lambda word: word.end - word.start <= NO_LENGTH_S)
    ]
    return [
        word
        for run in runs
        if len(run) == 1 or run[0].end - run[0].start > NO_LENGTH_S
        for word in run
    ]


def is_loop(words: list[str], compression: float) -> bool:
    """Whether a segment's words are one phrase of up to four words repeated, or compress like it."""
    said = [word.strip(" ,.?!").lower() for word in words]
    return compression > COMPRESSION or any(
        _repeats(said, length) for length in range(1, LONGEST_PHRASE + 1)
    )


def _repeats(said: list[str], length: int) -> bool:
    in_a_row = 0
    for here, before in zip(said[length:], said, strict=False):
        in_a_row = in_a_row + 1 if here == before else 0
        if in_a_row >= length * (REPEATS - 1):
            return True
    return False
