"""How many people to ask about. Pure (docs/adr/0032)."""

from collections.abc import Mapping

from schemas.limits import HINT
from schemas.speech_events import PossibleHint

SURE = 0.85
"""Likelier than this is not asked about."""
LEAST = 0.1
"""Less likely numbers are not offered."""
OFFERED = 3


def possible_hints(likelihoods: Mapping[int, float]) -> tuple[PossibleHint, ...]:
    """The numbers of people to ask about, the likeliest first; none when one of them is clear.

    `likelihoods`: of each number of speakers.
    """
    offered = [
        PossibleHint(speakers=number, probability=round(likelihood, 3))
        for number, likelihood in sorted(likelihoods.items(), key=_likeliest_first)
        if likelihood >= LEAST and HINT.least <= number <= HINT.most
    ]
    if len(offered) < 2 or offered[0].probability > SURE:
        return ()
    return tuple(offered[:OFFERED])


def _likeliest_first(one: tuple[int, float]) -> tuple[float, int]:
    number, likelihood = one
    return -likelihood, number
