"""A whole Wrapped in plain Python from raw events: no SQL, and no code of the product."""

from collections import Counter
from datetime import date
from typing import Any

from tests.reference.comparison import Comparison
from tests.reference.period import (
    DAY,
    Said,
    Talk,
    active_days,
    counts_by_word,
    most_first,
    session_ids,
)

BEGINNING = date(1971, 1, 1)
MINUTE_MS = 60_000
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
BADGES = [
    ("Word Master", "1,000 counted words", 1000),
    ("Session King", "50 talks", 50),
    ("Vocabulary Expert", "8 different words", 8),
]


class Reference(Comparison):
    """Every card of one person's period."""

    def cards(self) -> dict[str, Any]:
        """Every card, by its name."""
        return {
            "totals": self.totals(),
            "top_words": self.top_words(),
            "streak": self.streak(),
            "months": self.months(),
            "moments": self.moments(),
            "clock": self.clock(),
            "sessions": self.sessions(),
            "company": self.company(),
            "signature": self.signature(),
            "percentile": self.percentile(),
            "personality": self.personality(),
            "badges": self.badges(),
            "fun_facts": self.fun_facts(),
        }

    def totals(self) -> dict[str, Any]:
        now = self.figures(self.first, self.last)
        before = self.figures(*self.before())
        change = None
        if before["counts"] or before["words"]:
            change = {
                "counts": now["counts"] - before["counts"],
                "words": now["words"] - before["words"],
            }
        return {**now, "change": change}

    def top_words(self) -> dict[str, Any]:
        now = counts_by_word(self.words())
        before = counts_by_word(self.words_of(self.user, *self.before()))
        top: list[dict[str, Any]] = []
        for word in most_first(now)[:10]:
            count = now[word]
            share = round(count / now.total(), 4)
            change = count - before[word]
            top.append({"word": word, "count": count, "share": share, "change": change})
        favourite = top[0]["word"] if top else None
        return {"top": top, "favourite": favourite}

    def streak(self) -> dict[str, Any]:
        """Tries every day as the first one, and goes on as long as the next day has a count."""
        days = {said.day for said in self.words()}
        best_length = 0
        best_first: date | None = None
        for first in sorted(days):
            length = 0
            while first + length * DAY in days:
                length += 1
            if length > best_length:
                best_length = length
                best_first = first
        if best_first is None:
            return {"days": 0, "from": None, "to": None}
        best_last = best_first + (best_length - 1) * DAY
        return {
            "days": best_length,
            "from": best_first.isoformat(),
            "to": best_last.isoformat(),
        }

    def months(self) -> list[dict[str, Any]]:
        counts = Counter(_month(said.day) for said in self.words())
        months: list[str] = []
        day = self.first
        while day <= self.last:
            if _month(day) not in months:
                months.append(_month(day))
            day += DAY
        return [{"month": month, "counts": counts[month]} for month in months]

    def moments(self) -> dict[str, Any]:
        first = None
        words = self.words()
        if words:
            said_ms, session_id, word = min(
                (said.unix_ms, said.session.session_id, said.word) for said in words
            )
            first = {"said_ms": said_ms, "session_id": session_id, "word": word}
        return {"first": first, "peak": self.densest(60_000), "combo": self.densest(10_000)}

    def clock(self) -> dict[str, Any]:
        words = self.words()
        cells = Counter((said.day.weekday(), said.hour) for said in words)
        hours = Counter(said.hour for said in words)
        weekdays = Counter(said.day.weekday() for said in words)
        week = []
        for weekday in range(7):
            hours_of_day = [cells[weekday, hour] for hour in range(24)]
            week.append(hours_of_day)
        return {
            "week": week,
            "busiest_hour": most_first(hours)[0] if hours else None,
            "busiest_weekday": most_first(weekdays)[0] if weekdays else None,
        }

    def sessions(self) -> dict[str, Any]:
        return {"longest": self._longest(), "most_intense": self._most_intense()}

    def _longest(self) -> dict[str, Any] | None:
        lengths = {one.session_id: one.length_ms for one in self.sessions_of_period()}
        if not lengths:
            return None
        session_id = most_first(lengths)[0]
        return {"session_id": session_id, "minutes": round(lengths[session_id] / MINUTE_MS, 5)}

    def _most_intense(self) -> dict[str, Any] | None:
        """Counts a minute of the person's own talk, of sessions with a minute of it."""
        counts = Counter(said.session.session_id for said in self.words())
        talk_ms: Counter[str] = Counter()
        for talk in self.talks():
            talk_ms[talk.session.session_id] += talk.talk_ms
        rates: dict[str, float] = {}
        for session_id, count in counts.items():
            if talk_ms[session_id] >= MINUTE_MS:
                rates[session_id] = count / (talk_ms[session_id] / MINUTE_MS)
        if not rates:
            return None
        best = most_first(rates)[0]
        return {"session_id": best, "counts_a_minute": round(rates[best], 2)}

    def company(self) -> list[dict[str, Any]]:
        sessions: Counter[str] = Counter()
        for session in self.sessions_of_period():
            users = {session.owner(speaker) for speaker in session.talk_ms}
            sessions.update(users - {self.user, ""})
        return [{"user": user, "sessions": sessions[user]} for user in most_first(sessions)[:5]]

    def personality(self) -> dict[str, Any] | None:
        counts = counts_by_word(self.words())
        if not counts:
            return None
        most = max(counts.values())
        favourites = sorted(word for word, count in counts.items() if count == most)
        because = favourites[0]
        name = "Singlish Speaker"
        for word, its_name in NAMES:
            if word in favourites:
                because = word
                name = its_name
                break
        return {"name": f"The {name}", "because": because, "rule": f"favourite word: {because}"}

    def badges(self) -> list[dict[str, Any]]:
        words = self.words_of(self.user, BEGINNING, self.last)
        talks = self.talks_between(BEGINNING, self.last)
        earned: dict[str, date] = {}
        for day in sorted(active_days(words, talks)):
            reached = _reached_by(day, words, talks)
            for name, _, least in BADGES:
                if reached[name] >= least:
                    earned.setdefault(name, day)
        found = []
        for name, rule, _ in BADGES:
            if name in earned:
                found.append(_badge(name, rule, earned[name].isoformat()))
        place = self.place()
        if place and place[0] / place[1] >= 0.9:
            found.append(_badge("Top 10 %", "more counts than 90 % of the others", None))
        return found

    def fun_facts(self) -> list[dict[str, Any]]:
        words = self.words()
        if not words:
            return []
        days = Counter(said.day for said in words)
        best_day = most_first(days)[0]
        facts: list[dict[str, Any]] = [
            {"kind": "best_day", "day": best_day.isoformat(), "counts": days[best_day]}
        ]
        talk_s = self.figures(self.first, self.last)["talk_s"]
        if talk_s >= 60:
            facts.append({"kind": "one_every", "seconds": round(talk_s / len(words), 1)})
        combo = self.densest(10_000)
        if combo and combo["counts"] >= 3:
            facts.append({"kind": "combo", "counts": combo["counts"]})
        return facts


def _month(day: date) -> str:
    return day.isoformat()[:7]


def _reached_by(day: date, words: list[Said], talks: list[Talk]) -> dict[str, int]:
    """The number that each badge looks at, with all that was until the end of a day."""
    words_until = [said for said in words if said.day <= day]
    talks_until = [talk for talk in talks if talk.day <= day]
    return {
        "Word Master": len(words_until),
        "Session King": len(session_ids(words_until, talks_until)),
        "Vocabulary Expert": len({said.word for said in words_until}),
    }


def _badge(name: str, rule: str, earned: str | None) -> dict[str, Any]:
    return {"name": name, "rule": rule, "version": 1, "earned": earned}
