"""Pure: whether a word that the recogniser wrote was a lexicon word, by the rescored evidence."""

from collections.abc import Container

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
WIDE_NATS = -8.0
WIDE = 0.2
"""The same for several written words that sound farther than WIDE from the one they may be."""
FAR = 0.14
"""Distance in sound from which a word spelled by ear needs as much evidence as an everyday word.

Two sounds of which one is another vowel are 0.15 apart: "toh" and teh.
"""
DISTANCE_NATS = 50.0
"""Nats that a whole distance of sounds weighs among the candidates of one place."""


def misheard(word: AttributedWord, usual: Container[str] = ()) -> Candidate | None:
    """Returns the best candidate of those with enough evidence, or None.

    The `usual` ones often stand behind the word in front: they need no more than any word by ear.

    A rare spelling is unlikely because it is rare; its sound is as near as any. So sound weighs
    more than nats, and not everything: "lao" is 0.13 from liao and 0.15 from lah (docs/adr/0050).
    """
    enough = [one for one in word.candidates if one.nats >= _least(one, usual)]
    return max(enough, key=_by_sound, default=None)


def _by_sound(candidate: Candidate) -> tuple[float, str]:
    return candidate.nats - DISTANCE_NATS * candidate.distance, candidate.spelling


def _least(candidate: Candidate, usual: Container[str]) -> float:
    is_everyday = candidate.common and candidate.words == 1
    if candidate.distance <= SAME and not is_everyday:
        return SAME_NATS
    if candidate.spelling in usual:
        return BY_EAR_NATS
    if candidate.words > 1:
        return WIDE_NATS if candidate.distance > WIDE else SPLIT_NATS
    return COMMON_NATS if candidate.common or candidate.distance > FAR else BY_EAR_NATS
