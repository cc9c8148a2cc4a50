"""Pure: how probable it is that a counted word was said, and whether that is enough to show it.

The recogniser's own probability is of a text among texts, and says little of a rare word. Here it
is weighed together with the words around, the language of the segment and the word's length.
The weights are data, in evidence.toml; `lahstats benchmark evidence` fits and judges them.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import accumulate

import msgspec

from schemas.objects import AttributedWord, Candidate
from schemas.odds import logistic, logit

NEAR = 4
"""Words on both sides that say how well the talk around is understood."""
EVEN = 0.5
"""Words that are not there speak neither for a count nor against it."""
STRONG = 0.1
"""A rare word that was said often has no more than this: the recogniser seldom read it."""
COMPANY_MS = 20_000
"""Other counts up to so long before or after it speak for a count (docs/adr/0050)."""
IN_COMPANY = 1.0
"""Others lean on a mis-hearing as on one that has this much company itself (docs/adr/0049)."""
MOST_NATS = 12.0
"""Nats beyond this, either way, make no difference."""
BRIEF_MS = 120
"""Nobody says a word in less: the recogniser wrote it where there was hardly any place for it."""


@dataclass(frozen=True)
class Evidence:
    """All that speaks for one count.

    `written`: probability of the words as they are written. `around`: mean probability of the words
    near them, and `english`: that the segment is English. `is_brief`: it lasts less than BRIEF_MS.
    `company`: how much speaks for the other counts near it. `candidate` is the rescored
    spelling of a mis-hearing.
    """

    written: float
    around: float
    english: float
    is_brief: bool
    candidate: Candidate | None = None
    company: float = 0.0

    @property
    def model(self) -> str:
        """The name of the weights that judge it."""
        return "spelled" if self.candidate is None else "misheard"

    def features(self) -> dict[str, float]:
        """By the name of its weight."""
        shared = {
            "always": 1.0,
            "written": logit(self.written),
            "around": logit(self.around),
            # More than even odds say no more.
            "english": min(0.0, logit(self.english)),
            "company": math.log1p(self.company),
            "brief": float(self.is_brief),
        }
        if self.candidate is None:
            return shared
        return shared | {
            "nats": max(-MOST_NATS, min(MOST_NATS, self.candidate.nats)),
            "tenths": 10 * self.candidate.distance,
        }


class Calibration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file: the least probability of a count that is shown, and the weights."""

    shown_from: float
    spelled: dict[str, float]
    misheard: dict[str, float]

    def weights(self, model: str) -> dict[str, float]:
        """Returns the weights of an `Evidence.model`."""
        return self.spelled if model == "spelled" else self.misheard

    def probability(self, evidence: Evidence) -> float:
        """Returns the probability that the word was said."""
        log_odds = weighed(self.weights(evidence.model), evidence.features())
        return logistic(log_odds)

    def strength(self, evidence: Evidence) -> float:
        """Returns from 0 to 1: how much it says that Singlish is talked here.

        Other counts lean on it. In another language it says nothing: false counts of Mandarin do
        not hold each other up, and improbable mis-hearings hold nothing up.
        """
        if evidence.candidate is None:
            return evidence.english * min(1.0, evidence.written / STRONG)
        return self.probability(replace(evidence, company=IN_COMPANY))


@cache
def calibration() -> Calibration:
    """Reads evidence.toml, once in a process. Raises msgspec.ValidationError for another form."""
    text = files("streams.tally").joinpath("evidence.toml").read_text(encoding="utf-8")
    return msgspec.toml.decode(text, type=Calibration)


def companies(said: Sequence[tuple[int, float]]) -> list[float]:
    """Returns for each count how much speaks for the others near it, wherever windows were cut.

    `said`: the start of each, ms, and its strength.
    """
    in_time = sorted(said)
    times_ms = [start_ms for start_ms, _ in in_time]
    sums = [0.0, *accumulate(strength for _, strength in in_time)]
    found: list[float] = []
    for start_ms, strength in said:
        first = bisect_left(times_ms, start_ms - COMPANY_MS)
        end = bisect_right(times_ms, start_ms + COMPANY_MS)
        near = sums[end] - sums[first]
        found.append(near - strength)
    return found


class Surroundings:
    """The words of a window and of its neighbours: each is judged by those near it."""

    def __init__(self, words: Sequence[AttributedWord]) -> None:
        self._words = words
        self._places = {id(word): place for place, word in enumerate(words)}

    def around(self, words: Sequence[AttributedWord]) -> float:
        """Returns the mean probability of the words near `words`, EVEN when there are none."""
        first = self._places[id(words[0])]
        end = self._places[id(words[-1])] + 1
        before = self._words[max(0, first - NEAR) : first]
        after = self._words[end : end + NEAR]
        probabilities = [word.probability for word in (*before, *after)]
        if not probabilities:
            return EVEN
        return sum(probabilities) / len(probabilities)


def weighed(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """Returns the log-odds. A feature without a weight does not count."""
    log_odds = 0.0
    for name, value in features.items():
        weight = weights.get(name, 0.0)
        log_odds += weight * value
    return log_odds
