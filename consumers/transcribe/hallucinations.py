"""Filters out text that the recogniser wrote and nobody said. Pure.

Recognisers loop on a phrase, write the same sentence twice, echo their prompt, and place words that
nobody said on no time at all (docs/adr/0008).
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from consumers.transcribe.recognised import RecognisedSegment, RecognisedWord
from consumers.transcribe.spelling import bare

REPEATED_WORDS = 4
"""A segment of at least this many words that equals an earlier one fills a skipped passage."""
LEAST_MEAN = 0.05
"""Mean word probability below which a segment was not said.

A real reply of 0.6 s in words that Whisper does not know has 0.08.
"""
ECHO_WORDS = 4
ECHO_MEAN = 0.2
"""An echo of the prompt: at least ECHO_WORDS words, all of them in it, mean below ECHO_MEAN.

Word probabilities are computed without the prompt.
"""
ECHO_IN_ORDER_MEAN = 0.4
"""The same where ECHO_WORDS of them in a row are as in the prompt: an echo that is surer of itself.

In a noisy clip one had 0.24, and its words held each other up until one was shown.
"""
NO_LENGTH_S = 0.02
"""One step of the aligner, seconds: a word of this length or less has no place in the audio."""
LOOP_REPEATS = 5
LONGEST_PHRASE = 4
"""A loop: a phrase of at most LONGEST_PHRASE words, LOOP_REPEATS times in a row.

People say "can can can can"; in the five recordings nobody says a phrase five times.
"""
LEAST_LOOP_COMPRESSION = 2.4
"""Whisper's own gate on repetitive text: characters over zlib bytes.

Radford et al., 2022, "Robust speech recognition via large-scale weak supervision", section 4.5.
"""


def filter_segments(
    segments: Sequence[RecognisedSegment], prompt: Sequence[str] = ()
) -> list[RecognisedWord]:
    """Words that somebody said, in order.

    `prompt` are the words that the recogniser was prompted with, in order, in lower case, no
    punctuation.
    """
    seen: set[tuple[str, ...]] = set()
    kept: list[RecognisedWord] = []
    for segment in segments:
        texts = tuple(bare(word.text) for word in segment.words)
        is_repeated = len(texts) >= REPEATED_WORDS and texts in seen
        seen.add(texts)
        if texts and not is_repeated and _was_said(segment, texts, prompt):
            kept += segment.words
    return list(_with_length(kept))


def _was_said(segment: RecognisedSegment, texts: Sequence[str], prompt: Sequence[str]) -> bool:
    if _mean(segment) < _least_mean(texts, prompt):
        return False
    return not is_loop(texts, segment.compression_ratio)


def _least_mean(texts: Sequence[str], prompt: Sequence[str]) -> float:
    """The mean probability below which a segment of these words was not said."""
    if len(texts) < ECHO_WORDS or not set(prompt).issuperset(texts):
        return LEAST_MEAN
    if _runs(texts).isdisjoint(_runs(prompt)):
        return ECHO_MEAN
    return ECHO_IN_ORDER_MEAN


def _runs(texts: Sequence[str]) -> set[tuple[str, ...]]:
    """Every ECHO_WORDS words in a row."""
    ends = range(ECHO_WORDS, len(texts) + 1)
    return {tuple(texts[end - ECHO_WORDS : end]) for end in ends}


def _mean(segment: RecognisedSegment) -> float:
    total = sum(word.probability for word in segment.words)
    return float(total / len(segment.words))


def is_loop(words: Sequence[str], compression: float) -> bool:
    """Whether the words are one phrase repeated, or their text compresses like one."""
    if compression > LEAST_LOOP_COMPRESSION:
        return True
    texts = [bare(word) for word in words]
    return any(_repeats(texts, length) for length in range(1, LONGEST_PHRASE + 1))


def _repeats(texts: Sequence[str], length: int) -> bool:
    """Whether some phrase of `length` words comes LOOP_REPEATS times in a row."""
    in_a_row = 0
    for here, before in zip(texts[length:], texts, strict=False):
        in_a_row = in_a_row + 1 if here == before else 0
        if in_a_row >= length * (LOOP_REPEATS - 1):
            return True
    return False


def _with_length(words: Sequence[RecognisedWord]) -> Iterator[RecognisedWord]:
    """Leaves out two or more words in a row that have no length. One alone may be real."""
    for has_no_length, group in groupby(words, key=_has_no_length):
        run = list(group)
        if not has_no_length or len(run) == 1:
            yield from run


def _has_no_length(word: RecognisedWord) -> bool:
    return word.end_s - word.start_s <= NO_LENGTH_S
