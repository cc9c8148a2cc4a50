"""Pure: whether a word that the recogniser wrote was a lexicon word, by the rescored evidence."""

from schemas.objects import AttributedWord, Candidate

SPLIT_NATS = -10.0
BY_EAR_NATS = -10.0
COMMON_NATS = -4.0
"""Least log-likelihood of a candidate against the written word, in nats.

For words split off one word, for a word spelled by ear, and for a word written as an everyday word.
The recogniser's language model is against every rare spelling, so evidence begins below zero.
"""
FAR = 0.14
"""Distance in sound from which a word spelled by ear needs as much evidence as an everyday word.

Two sounds of which one is another vowel are 0.15 apart: "toh" and teh.
"""


def misheard(word: AttributedWord) -> Candidate | None:
    """Returns the candidate with enough evidence that sounds nearest, then the likeliest, or None.

    A rare spelling is unlikely because it is rare; its sound is as near as any (docs/adr/0009).
    """
    enough = [candidate for candidate in word.candidates if candidate.nats >= _least(candidate)]
    return min(enough, key=_by_sound, default=None)


def _by_sound(candidate: Candidate) -> tuple[float, float, str]:
    return candidate.distance, -candidate.nats, candidate.spelling


def _least(candidate: Candidate) -> float:
    if candidate.words > 1:
        return SPLIT_NATS
    return COMMON_NATS if candidate.common or candidate.distance > FAR else BY_EAR_NATS
