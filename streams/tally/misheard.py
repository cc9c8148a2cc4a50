"""Pure: whether a word that the recogniser wrote was a lexicon word, by the rescored evidence."""

from schemas.objects import AttributedWord, Candidate

SPLIT_NATS = -10.0
BY_EAR_NATS = -10.0
COMMON_NATS = -4.0
"""Least log-likelihood of a candidate against the written word, in nats.

For words split off one word, for a word spelled by ear, and for a word written as an everyday word.
The recogniser's language model is against every rare spelling, so evidence begins below zero.
"""
SAME_NATS = -14.0
"""The same for a spelling that sounds the same, unless an everyday word is written."""
SAME = 0.06
"""Distance in sound up to which it sounds the same: "ghost on" and gostan."""
FAR = 0.14
"""Distance in sound from which a word spelled by ear needs as much evidence as an everyday word.

Two sounds of which one is another vowel are 0.15 apart: "toh" and teh.
"""
DISTANCE_NATS = 50.0
"""Nats that a whole distance of sounds weighs among the candidates of one place."""


def misheard(word: AttributedWord) -> Candidate | None:
    """Returns the best candidate of those with enough evidence, or None.

    A rare spelling is unlikely because it is rare; its sound is as near as any. So sound weighs
    more than nats, and not everything: "lao" is 0.13 from liao and 0.15 from lah (docs/adr/0050).
    """
    enough = [candidate for candidate in word.candidates if candidate.nats >= _least(candidate)]
    return max(enough, key=_by_sound, default=None)


def _by_sound(candidate: Candidate) -> tuple[float, str]:
    return candidate.nats - DISTANCE_NATS * candidate.distance, candidate.spelling


def _least(candidate: Candidate) -> float:
    is_everyday = candidate.common and candidate.words == 1
    if candidate.distance <= SAME and not is_everyday:
        return SAME_NATS
    if candidate.words > 1:
        return SPLIT_NATS
    return COMMON_NATS if candidate.common or candidate.distance > FAR else BY_EAR_NATS
