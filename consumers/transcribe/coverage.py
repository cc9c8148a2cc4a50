"""Which speech holds no word, and is worth hearing again because of it. Spans are [start, end) in seconds."""

from collections.abc import Sequence
from itertools import pairwise

from consumers.transcribe.packing import Span

GAP_S = 1.5
"""Speech for this long without a word was skipped; shorter holes are breath, laughter, or the aligner's."""
LONGEST_WORD_S = 1.0
"""The aligner stretches the word beside a skipped passage over all of it; a longer word covers this much, from its end."""


def uncovered(speech: Sequence[Span], words: Sequence[Span], least_s: float = GAP_S) -> list[Span]:
    """Parts of `speech` of at least `least_s` that no word covers, in order."""
    held = sorted((max(start, end - LONGEST_WORD_S), end) for start, end in words)
    found: list[Span] = []
    for start, end in speech:
        edges = [
            (start, start),
            *(word for word in held if word[1] > start and word[0] < end),
            (end, end),
        ]
        reached = start
        for before, after in pairwise(edges):
            reached = max(reached, before[1])
            if after[0] - reached >= least_s:
                found.append((reached, after[0]))
    return found
