"""A whole Wrapped in plain Python from raw events: no SQL, and no code of the product."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from tests.reference.history import Recorded, Utterance

NAMES = [
    ("lah", "Classic Singaporean"),
    ("walao", "Dramatic One"),
    ("shiok", "Foodie"),
    ("paiseh", "Polite One"),
    ("cheem", "Intellectual"),
    ("lepak", "Chill One"),
    ("steady", "Reliable One"),
    ("bojio", "FOMO Friend"),
    ("kiasu", "Competitive One"),
]


class Reference:
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

    def cards(self) -> dict[str, Any]:
        """Every card."""
        names = (
            "totals top_words streak months moments clock sessions company signature "
            "percentile personality badges fun_facts"
        )
        return {
            name: getattr(self, f"{name}_" if name == "sessions" else name)()
            for name in names.split()
        }

    def _period(self, first: date, last: date) -> dict[str, Any]:
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

    def _before(self) -> tuple[date, date]:
        length = (self.last - self.first).days + 1
        return self.first - timedelta(days=length), self.first - timedelta(days=1)

    def totals(self) -> dict[str, Any]:
        now = self._period(self.first, self.last)
        before = self._period(*self._before())
        change = {k: now[k] - before[k] for k in ("counts", "words")}
        return {**now, "change": change if before["counts"] + before["words"] else None}

    def _counter(self, first: date, last: date) -> Counter[str]:
        return Counter(u.word for _, u in self.words(self.user, first, last))

    def top_words(self) -> dict[str, Any]:
        now = self._counter(self.first, self.last)
        before = self._counter(*self._before())
        ranked = sorted(now, key=lambda w: (-now[w], w))[:10]
        top = [
            {
                "word": w,
                "count": now[w],
                "share": round(now[w] / now.total(), 4),
                "change": now[w] - before[w],
            }
            for w in ranked
        ]
        return {"top": top, "favourite": ranked[0] if ranked else None}

    def streak(self) -> dict[str, Any]:
        days = {s.day(u.at_ms) for s, u in self.words(self.user, self.first, self.last)}
        best: tuple[int, date | None] = (0, None)
        for day in sorted(days):
            length = 0
            while day + timedelta(days=length) in days:
                length += 1
            if length > best[0]:
                best = (length, day)
        start = best[1]
        return {
            "days": best[0],
            "from": start.isoformat() if start else None,
            "to": (start + timedelta(days=best[0] - 1)).isoformat() if start else None,
        }

    def months(self) -> list[dict[str, Any]]:
        counts = Counter(
            s.day(u.at_ms).isoformat()[:7] for s, u in self.words(self.user, self.first, self.last)
        )
        days = [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]
        return [
            {"month": month, "counts": counts[month]}
            for month in sorted({day.isoformat()[:7] for day in days})
        ]

    def _densest(self, within_ms: int) -> dict[str, Any] | None:
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

    def moments(self) -> dict[str, Any]:
        said = sorted(
            (s.start_ms + u.at_ms, s.session_id, u.word)
            for s, u in self.words(self.user, self.first, self.last)
        )
        first = (
            {"said_ms": said[0][0], "session_id": said[0][1], "word": said[0][2]} if said else None
        )
        return {"first": first, "peak": self._densest(60_000), "combo": self._densest(10_000)}

    def clock(self) -> dict[str, Any]:
        cells = Counter(
            (s.day(u.at_ms).weekday(), s.local(u.at_ms).hour)
            for s, u in self.words(self.user, self.first, self.last)
        )
        hours = Counter[int]()
        days = Counter[int]()
        for (day, hour), count in cells.items():
            hours[hour] += count
            days[day] += count
        return {
            "week": [[cells[day, hour] for hour in range(24)] for day in range(7)],
            "busiest_hour": min(hours, key=lambda h: (-hours[h], h), default=None),
            "busiest_weekday": min(days, key=lambda d: (-days[d], d), default=None),
        }

    def sessions_(self) -> dict[str, Any]:
        said = self.words(self.user, self.first, self.last)
        talks = self.talks(self.first, self.last)
        mine = {s.session_id: s for s in [s for s, _ in said] + [s for s, _ in talks]}
        longest = min(mine.values(), key=lambda s: (-s.length_ms, s.session_id), default=None)
        rates = {}
        for name in mine:
            talk = sum(s.talk_ms[v] for s, v in talks if s.session_id == name)
            count = sum(s.session_id == name for s, _ in said)
            if talk >= 60_000 and count:
                rates[name] = count / (talk / 60_000)
        intense = min(rates, key=lambda name: (-rates[name], name), default=None)
        return {
            "longest": {
                "session_id": longest.session_id,
                "minutes": round(longest.length_ms / 60_000, 1),
            }
            if longest
            else None,
            "most_intense": {"session_id": intense, "counts_a_minute": round(rates[intense], 2)}
            if intense
            else None,
        }

    def company(self) -> list[dict[str, Any]]:
        said = self.words(self.user, self.first, self.last)
        talks = self.talks(self.first, self.last)
        mine = {s.session_id: s for s in [s for s, _ in said] + [s for s, _ in talks]}
        others = Counter(
            user
            for s in mine.values()
            for user in {s.owner(v) for v in s.talk_ms} - {self.user, ""}
        )
        return [
            {"user": user, "sessions": others[user]}
            for user in sorted(others, key=lambda u: (-others[u], u))[:5]
        ]

    def signature(self) -> dict[str, Any] | None:
        mine = self._counter(self.first, self.last)
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

    def personality(self) -> dict[str, Any] | None:
        counts = self._counter(self.first, self.last)
        if not counts:
            return None
        favourites = sorted(w for w, n in counts.items() if n == max(counts.values()))
        # Only the ten shown words are looked at.
        shown = [w for w in favourites if w in sorted(counts, key=lambda w: (-counts[w], w))[:10]]
        word, name = next(((w, n) for w, n in NAMES if w in shown), (shown[0], "Singlish Speaker"))
        return {"name": f"The {name}", "because": word, "rule": f"favourite word: {word}"}

    def badges(self) -> list[dict[str, Any]]:
        beginning = date(1971, 1, 1)
        said = self.words(self.user, beginning, self.last)
        talks = self.talks(beginning, self.last)
        days = sorted({s.day(u.at_ms) for s, u in said} | {s.day(0) for s, _ in talks})
        found = []
        for name, rule, least in (
            ("Word Master", "1,000 counted words", 1000),
            ("Session King", "50 talks", 50),
            ("Vocabulary Expert", "8 different words", 8),
        ):
            for day in days:
                until = [(s, u) for s, u in said if s.day(u.at_ms) <= day]
                there = {s.session_id for s, _ in until} | {
                    s.session_id for s, _ in talks if s.day(0) <= day
                }
                value = {
                    "Word Master": len(until),
                    "Session King": len(there),
                    "Vocabulary Expert": len({u.word for _, u in until}),
                }[name]
                if value >= least:
                    found.append(
                        {"name": name, "rule": rule, "version": 1, "earned": day.isoformat()}
                    )
                    break
        place = self.percentile()
        if place and place["percentile"] >= 90:
            found.append(
                {
                    "name": "Top 10 %",
                    "rule": "more counts than 90 % of the others",
                    "version": 1,
                    "earned": None,
                }
            )
        return found

    def fun_facts(self) -> list[dict[str, Any]]:
        totals = self.totals()
        said = self.words(self.user, self.first, self.last)
        if not said:
            return []
        days = Counter(s.day(u.at_ms) for s, u in said)
        best = min(days, key=lambda d: (-days[d], d))
        facts: list[dict[str, Any]] = [
            {"kind": "best_day", "day": best.isoformat(), "counts": days[best]}
        ]
        if totals["talk_s"] >= 60:
            facts.append({"kind": "one_every", "seconds": round(totals["talk_s"] / len(said), 1)})
        combo = self._densest(10_000)
        if combo and combo["counts"] >= 3:
            facts.append({"kind": "combo", "counts": combo["counts"]})
        return facts
