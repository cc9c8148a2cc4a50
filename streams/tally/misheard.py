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
    with_evidence = [one for one in word.candidates if one.nats >= _least_nats(one, usual)]
    return max(with_evidence, key=_nats_and_sound, default=None)


def _nats_and_sound(candidate: Candidate) -> tuple[float, str]:
    """The order among candidates with enough evidence; of equal ones the last by spelling wins."""
    return candidate.nats - DISTANCE_NATS * candidate.distance, candidate.spelling


def _least_nats(candidate: Candidate, usual: Container[str]) -> float:
    """Returns the nats from which the candidate has enough evidence."""
    is_one_word = candidate.words == 1
    is_everyday_word = is_one_word and candidate.common
    sounds_the_same = candidate.distance <= SAME
    if sounds_the_same and not is_everyday_word:
        return SAME_NATS
    if candidate.spelling in usual:
        return BY_EAR_NATS
    if is_one_word:
        sounds_far = candidate.distance > FAR
        return COMMON_NATS if is_everyday_word or sounds_far else BY_EAR_NATS
    return WIDE_NATS if candidate.distance > WIDE else SPLIT_NATS
