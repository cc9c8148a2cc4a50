"""A whole Wrapped in plain Python from raw events: no SQL, and no code of the product."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from tests.reference.comparison import Comparison

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


class Reference(Comparison):
    """Every card of one person's period."""

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

    def totals(self) -> dict[str, Any]:
        now = self.figures(self.first, self.last)
        before = self.figures(*self.before())
        change = {k: now[k] - before[k] for k in ("counts", "words")}
        return {**now, "change": change if before["counts"] + before["words"] else None}

    def top_words(self) -> dict[str, Any]:
        now = self.counter(self.first, self.last)
        before = self.counter(*self.before())
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

    def moments(self) -> dict[str, Any]:
        said = sorted(
            (s.start_ms + u.at_ms, s.session_id, u.word)
            for s, u in self.words(self.user, self.first, self.last)
        )
        first = (
            {"said_ms": said[0][0], "session_id": said[0][1], "word": said[0][2]} if said else None
        )
        return {"first": first, "peak": self.densest(60_000), "combo": self.densest(10_000)}

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

    def personality(self) -> dict[str, Any] | None:
        counts = self.counter(self.first, self.last)
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
        combo = self.densest(10_000)
        if combo and combo["counts"] >= 3:
            facts.append({"kind": "combo", "counts": combo["counts"]})
        return facts
