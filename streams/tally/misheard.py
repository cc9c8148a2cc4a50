"""Pure: whether a word that the recogniser wrote was a lexicon word, on the evidence that came with it."""

import math

from schemas.objects import AttributedWord, Candidate

SPLIT_NATS, BY_EAR_NATS, COMMON_NATS = -10.0, -10.0, -4.0
"""Least log-likelihood against what is written: for words split off one word, for a word spelled by ear, for an everyday
word. The recogniser's language model is against every rare spelling, so the evidence for one begins below zero."""
FAR = 0.14
"""Of a word spelled by ear that sounds less like it than this, as much is asked as of an everyday word: two sounds, one of
them another vowel, are 0.15 apart ("toh" and teh)."""


def misheard(word: AttributedWord) -> Candidate | None:
    """Among the spellings with enough evidence the one that sounds nearest, then the likeliest; None without one.

    How likely a rare spelling is depends on how rare it is; how it sounds does not (docs/adr/0009).
    """
    enough = [c for c in word.candidates if c.nats >= _least(c)]
    return min(enough, key=lambda c: (c.distance, -c.nats, c.spelling), default=None)


def _least(candidate: Candidate) -> float:
    if candidate.words > 1:
        return SPLIT_NATS
    return COMMON_NATS if candidate.common or candidate.distance > FAR else BY_EAR_NATS


def probability(candidate: Candidate) -> float:
    """Of the spelling against what is written, by the recogniser's own likelihoods."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, candidate.nats))))
