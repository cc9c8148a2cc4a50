"""A person's words beside those of all others, in plain Python."""

import math
from collections import Counter, defaultdict
from datetime import date
from typing import Any

from tests.reference.period import Period


class Comparison(Period):
    """The cards for which others are counted too."""

    def signature(self) -> dict[str, Any] | None:
        mine = self.counter(self.first, self.last)
        others = self._published_of_others()
        scores = dict[str, float]()
        everyone = Counter({word: others[word] + mine[word] for word in others})
        if not others.total():
            return None
        for word, count in mine.items():
            if count >= 3 and word in others:
                prior = 50 * everyone[word] / everyone.total()
                a = count + prior
                b = others[word] + prior
                rest_a = mine.total() + 50 - a
                rest_b = others.total() + 50 - b
                scores[word] = (
                    0.0
                    if min(rest_a, rest_b) <= 0
                    else (math.log(a / rest_a) - math.log(b / rest_b)) / math.sqrt(1 / a + 1 / b)
                )
        best = min(scores, key=lambda w: (-scores[w], w), default=None)
        return {"word": best, "z": round(scores[best], 2)} if best else None

    def _published_of_others(self) -> Counter[str]:
        """Counts of others by word, on days on which five people or more said it.

        The owner of a session stands for speakers whom nobody claimed.
        """
        said: dict[tuple[date, str], Counter[str]] = defaultdict(Counter)
        for s in self.sessions:
            for u in s.final:
                person = s.owner(u.speaker) or "the owner"
                if self.first <= s.day(u.at_ms) <= self.last:
                    said[s.day(u.at_ms), u.word][person] += 1
        others = Counter[str]()
        for (_, word), people in said.items():
            if len(people) >= 5:
                others[word] += people.total() - people[self.user]
        return others

    def percentile(self) -> dict[str, Any] | None:
        users = {s.owner(v) for s in self.sessions for v in s.talk_ms} - {""}
        counts = {user: len(self.words(user, self.first, self.last)) for user in users}
        active = {user: count for user, count in counts.items() if count}
        if self.user not in active or len(active) < 20:
            return None
        fewer = sum(count < active[self.user] for count in active.values())
        return {"percentile": round(100 * fewer / (len(active) - 1), 1), "people": len(active)}
