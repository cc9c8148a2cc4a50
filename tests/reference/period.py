"""One person's period from raw events: what they said, and the talks that they were in."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from tests.reference.history import Recorded, Utterance


class Period:
    """One person's period, computed from everything that ever happened."""

    def __init__(self, sessions: Sequence[Recorded], user: str, first: date, last: date) -> None:
        self.sessions = sessions
        self.user = user
        self.first = first
        self.last = last

    def words(self, user: str, first: date, last: date) -> list[tuple[Recorded, Utterance]]:
        """Counted words of a person, of these days."""
        return [
            (s, u)
            for s in self.sessions
            for u in s.final
            if s.owner(u.speaker) == user and first <= s.day(u.at_ms) <= last
        ]

    def talks(self, first: date, last: date) -> list[tuple[Recorded, str]]:
        """Sessions that began on these days.

        The person's voices with a word or talk in them.
        """
        mine = [
            (s, speaker)
            for s in self.sessions
            for speaker in s.talk_ms
            if s.owner(speaker) == self.user
        ]
        return [
            (s, speaker)
            for s, speaker in mine
            if first <= s.day(0) <= last and (s.talk_ms[speaker] or s.spoken[speaker])
        ]

    def figures(self, first: date, last: date) -> dict[str, Any]:
        """Sums of the person's words and talks of these days."""
        said = self.words(self.user, first, last)
        talks = self.talks(first, last)
        counts = len(said)
        words = sum(s.spoken[speaker] for s, speaker in talks)
        return {
            "counts": counts,
            "words": words,
            "distinct_words": len({u.word for _, u in said}),
            "sessions": len({s.session_id for s, _ in said} | {s.session_id for s, _ in talks}),
            "talk_s": sum(s.talk_ms[speaker] for s, speaker in talks) / 1000,
            "active_days": len({s.day(u.at_ms) for s, u in said} | {s.day(0) for s, _ in talks}),
            "rate_per_1000": round(1000 * counts / words, 1) if words >= 500 else None,
        }

    def before(self) -> tuple[date, date]:
        """First and last day of as many days before the period."""
        length = (self.last - self.first).days + 1
        return self.first - timedelta(days=length), self.first - timedelta(days=1)

    def counter(self, first: date, last: date) -> Counter[str]:
        """Counts of each word that the person said on these days."""
        return Counter(u.word for _, u in self.words(self.user, first, last))

    def densest(self, within_ms: int) -> dict[str, Any] | None:
        """The stretch of this length with the most counts, the earliest of equal ones."""
        said = self.words(self.user, self.first, self.last)
        found = []
        for s, u in said:
            count = sum(
                o is s and u.at_ms <= other.at_ms < u.at_ms + within_ms for o, other in said
            )
            found.append((-count, s.start_ms + u.at_ms, s.session_id))
        if not found:
            return None
        best = min(found)
        return {"counts": -best[0], "from_ms": best[1], "session_id": best[2]}
