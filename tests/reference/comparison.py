"""A person's words beside those of all others, in plain Python."""

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.reference.period import Period, counts_by_word

PRIOR = 50


@dataclass(frozen=True)
class Side:
    """How often one side said the word, and how often all words."""

    count: float
    total: float

    @property
    def rest(self) -> float:
        """How often it said another word."""
        return self.total - self.count


def z_score(mine: Side, others: Side) -> float:
    """How much more the word is mine than theirs; 0 when a side said nothing else."""
    if mine.rest <= 0 or others.rest <= 0:
        return 0.0
    my_log_odds = math.log(mine.count / mine.rest)
    their_log_odds = math.log(others.count / others.rest)
    deviation = math.sqrt(1 / mine.count + 1 / others.count)
    return (my_log_odds - their_log_odds) / deviation


class Comparison(Period):
    """The cards for which others are counted too."""

    def signature(self) -> dict[str, Any] | None:
        """The word that sets the person apart, by log-odds with a prior of all words."""
        mine = counts_by_word(self.words())
        others = self._published_of_others()
        if not others.total():
            return None
        everyone = Counter({word: others[word] + mine[word] for word in others})
        scores: dict[str, float] = {}
        for word, count in mine.items():
            if count < 3 or word not in others:
                continue
            prior = PRIOR * everyone[word] / everyone.total()
            my_side = Side(count + prior, mine.total() + PRIOR)
            their_side = Side(others[word] + prior, others.total() + PRIOR)
            scores[word] = z_score(my_side, their_side)
        if not scores:
            return None
        highest = max(scores.values())
        best = min(word for word, score in scores.items() if score == highest)
        return {"word": best, "z": round(highest, 2)}

    def _published_of_others(self) -> Counter[str]:
        """Counts of others by word, on days on which five people or more said it.

        The owner of a session stands for speakers whom nobody claimed.
        """
        by_day_and_word: defaultdict[tuple[date, str], Counter[str]] = defaultdict(Counter)
        for session in self.history:
            for utterance in session.final:
                person = session.owner(utterance.speaker) or "the owner"
                day = session.day(utterance.at_ms)
                if self.first <= day <= self.last:
                    by_day_and_word[day, utterance.word][person] += 1
        others: Counter[str] = Counter()
        for (_, word), people in by_day_and_word.items():
            if len(people) >= 5:
                others[word] += people.total() - people[self.user]
        return others

    def percentile(self) -> dict[str, Any] | None:
        """The share of the other active people who said fewer counted words."""
        place = self.place()
        if place is None:
            return None
        fewer, others = place
        return {"percentile": round(100 * fewer / others, 1), "people": others + 1}

    def place(self) -> tuple[int, int] | None:
        """How many of the other active people said less, and how many others there are."""
        counts = {user: self._counts_of(user) for user in self._users()}
        active = {user: count for user, count in counts.items() if count}
        if self.user not in active or len(active) < 20:
            return None
        fewer = [user for user, count in active.items() if count < active[self.user]]
        return len(fewer), len(active) - 1

    def _users(self) -> set[str]:
        """Everybody who has a speaker of any session."""
        users: set[str] = set()
        for session in self.history:
            users |= {session.owner(speaker) for speaker in session.talk_ms}
        return users - {""}

    def _counts_of(self, user: str) -> int:
        return len(self.words_of(user, self.first, self.last))
