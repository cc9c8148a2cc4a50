"""What a person may ask about themself, and whom they may find. Blocking."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

from adapters.warehouse import Queries, Row
from api import figures, ranking
from api.sessions.service import Reader
from api.users import queries, trends
from api.users.trends import Granularity
from api.wrapped import service as story
from api.wrapped.card import Told
from schemas.ids import UserId

MOST_ON_BOARD = 100
ASKERS = 8
"""Questions of Wrapped that are asked at a time, over all callers: each waits for the warehouse far longer than it works."""


class Users:
    """The caller's own numbers and profile."""

    def __init__(self, warehouse: Queries, sessions: Reader) -> None:
        self._warehouse, self._sessions = warehouse, sessions
        self._askers = ThreadPoolExecutor(ASKERS, thread_name_prefix="wrapped")

    def me(self, user: UserId) -> dict[str, Any]:
        """Profile, groups, and tags that wait for an answer. Who never said anything has agreed to nothing."""
        asked = {"user": user}
        profile = self._warehouse.query(queries.PROFILE, asked)
        said = (
            profile[0]
            if profile
            else {"display_name": "", "findable": False, "on_board": False, "tags_at_once": False}
        )
        tags = [
            {**tag, "claimed_at": tag["claimed_at"].isoformat()}
            for tag in self._warehouse.query(queries.MY_TAGS, asked)
        ]
        agreed = {
            "findable": said["findable"],
            "on_board": said["on_board"],
            "tags_take_effect_at_once": said["tags_at_once"],
        }
        name = {"user_id": user, "display_name": said["display_name"]}
        return {
            **name,
            **agreed,
            "groups": self._warehouse.query(queries.MY_GROUPS, asked),
            "tags": tags,
        }

    def search(self, user: UserId, query: str) -> dict[str, Any]:
        """People who share a group with the caller, or agreed to be found, by name or exact id."""
        return {"users": self._warehouse.query(queries.SEARCH, {"user": user, "query": query})}

    def stats(self, user: UserId, first: date, last: date, group_id: str = "") -> dict[str, Any]:
        """One person's totals of a period, by when things were said; in one group's sessions when it is named."""
        asked = {
            "user": user,
            "first": first.isoformat(),
            "last": last.isoformat(),
            "group_id": group_id,
        }
        words = self._warehouse.query(queries.WORDS, asked)
        totals = figures.period_totals(self._warehouse.query(queries.TOTALS, asked)[0])
        return {
            "user": user,
            "from": asked["first"],
            "to": asked["last"],
            **totals,
            "words": {r["word"]: r["total"] for r in words},
        }

    def trends(
        self, user: UserId, granularity: Granularity, limit: int, today: date
    ) -> dict[str, Any]:
        """The last `limit` days, weeks or months, those without a word too."""
        found = trends.starts(granularity, limit, today)
        rows = self._warehouse.query(
            queries.TREND, {"user": user, "first": found[0].isoformat(), "last": today.isoformat()}
        )
        return {"granularity": granularity, "trend": trends.trend(rows, found)}

    def my_stats(self, session_id: str, user: UserId) -> dict[str, Any]:
        """What the caller said in one session, over all voices they claimed there."""
        session = self._sessions.session(session_id, user)
        return {
            "session_id": session_id,
            "state": session["state"],
            **self._own(user, [session_id])[session_id],
        }

    def compare(self, session_ids: list[str], user: UserId) -> dict[str, Any]:
        """The caller's own numbers of several sessions, in the order asked for. 404 when one is not the caller's to see."""
        sessions = [self._sessions.session(session_id, user) for session_id in session_ids]
        own = self._own(user, session_ids)
        found = [
            {
                "session_id": s["session_id"],
                "recorded_at": s["recorded_at"],
                "state": s["state"],
                **own[s["session_id"]],
            }
            for s in sessions
        ]
        return {"sessions": found}

    def _own(self, user: UserId, session_ids: list[str]) -> dict[str, dict[str, Any]]:
        by_session: dict[str, list[Row]] = {session_id: [] for session_id in session_ids}
        for row in self._warehouse.query(
            queries.MY_SPEAKERS, {"user": user, "session_ids": session_ids}
        ):
            by_session[row["session_id"]].append(row)
        return {session_id: _own(rows) for session_id, rows in by_session.items()}

    def wrapped(self, user: UserId, period: str, first: date, last: date) -> dict[str, Any]:
        """One person's period in cards."""
        return self.told(user, period, first, last)[1]

    def told(
        self, user: UserId, period: str, first: date, last: date
    ) -> tuple[Told, dict[str, Any]]:
        """What the warehouse answered, and the cards made of it."""
        told = story.told(self._warehouse.query, user, first, last, self._askers.map)
        asked = self._askers.submit(
            self._names, [user for user, _ in told.company]
        )  # while the cards are made
        found, names = story.shaped(told, period), asked.result()
        company = [
            {**one, "name": names.get(one["user"]) or one["user"]}
            for one in found["cards"]["company"]
        ]
        return told, {**found, "cards": {**found["cards"], "company": company}}

    def name(self, user: UserId) -> str:
        """How somebody wants to be called; empty when they never said."""
        return self._names([user]).get(user, "")

    def _names(self, users: list[str]) -> dict[str, str]:
        rows = self._warehouse.query(queries.NAMES, {"users": users}) if users else []
        return {row["user_id"]: row["display_name"] for row in rows}

    def leaderboard(self, user: UserId, first: date, last: date) -> dict[str, Any]:
        """Those of everyone who agreed to stand here, from the daily snapshot of a period that has a name."""
        asked = {"first": first.isoformat(), "last": last.isoformat(), "limit": MOST_ON_BOARD}
        places = ranking.ranked(self._warehouse.query(queries.EVERYONES_BOARD, asked))
        you = next((place for place in places if place["user_id"] == user), None)
        return {"from": asked["first"], "to": asked["last"], "board": places, "you": you}


def _own(rows: list[Row]) -> dict[str, Any]:
    """Speakers that are the caller's, and what they said in all."""
    present = [row for row in rows if row["count"] or row["spoken"] or row["talk_ms"]]
    talk_s = sum(row["talk_ms"] for row in present) / 1000
    return {
        "speakers": sorted({row["speaker"] for row in present}),
        "talk_s": talk_s,
        **figures.rates(present),
    }
