"""What members may ask about their group; for everybody else there is no such group. Blocking."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

from adapters.http.problems import not_found
from adapters.warehouse import Queries, Row
from api import figures, ranking
from api.groups.story import group_story
from api.sessions.queries import LEXICON
from api.users import queries
from schemas.ids import UserId

ASKERS = 4
"""Questions of boards that are asked at a time, over all callers."""


class Groups:
    """Live and exact: who is in a group together may see each other's counts in the group's sessions."""

    def __init__(self, warehouse: Queries) -> None:
        self._warehouse = warehouse
        self._askers = ThreadPoolExecutor(ASKERS, thread_name_prefix="boards")

    def _group(self, group_id: str, user: UserId) -> Row:
        rows = self._warehouse.query(queries.GROUP, {"group_id": group_id, "user": user})
        if not rows:
            raise not_found("group")
        return rows[0]

    def group(self, group_id: str, user: UserId) -> dict[str, Any]:
        """Name, owner, size, and what the caller is in it."""
        row = self._group(group_id, user)
        return {
            "group_id": group_id,
            "name": row["name"],
            "owner": row["owner"],
            "members": len(row["members"]),
            "role": row["role"],
        }

    def members(self, group_id: str, user: UserId) -> dict[str, Any]:
        """Who is in it, in order of joining."""
        rows = self._members(group_id, self._group(group_id, user))
        return {"members": [{**row, "joined_at": row["joined_at"].isoformat()} for row in rows]}

    def _members(self, group_id: str, row: Row) -> list[Row]:
        return self._warehouse.query(
            queries.MEMBERS, {"group_id": group_id, "members": list(row["members"])}
        )

    def stats(self, group_id: str, user: UserId, first: date, last: date) -> dict[str, Any]:
        """What was credited to people in the group's sessions."""
        self._group(group_id, user)
        return {
            "group_id": group_id,
            "from": first.isoformat(),
            "to": last.isoformat(),
            **self._totals(group_id, first, last),
        }

    def _totals(self, group_id: str, first: date, last: date) -> dict[str, Any]:
        asked = {"group_id": group_id, "first": first.isoformat(), "last": last.isoformat()}
        totals = self._warehouse.query(queries.GROUP_TOTALS, asked)[0]
        words = {
            row["word"]: row["total"] for row in self._warehouse.query(queries.GROUP_WORDS, asked)
        }
        return {**figures.period_totals(totals), "people": totals["people"], "words": words}

    def leaderboard(self, group_id: str, user: UserId, first: date, last: date) -> dict[str, Any]:
        """Every member with a place; `you` also says how many of the others said less, per cent."""
        places = self._board(self._group(group_id, user), first, last)
        mine = next(place for place in places if place["user_id"] == user)
        others = [place["counts"] for place in places if place["user_id"] != user]
        you = {
            "rank": mine["rank"],
            "counts": mine["counts"],
            "percentile": ranking.percentile(mine["counts"], others),
        }
        return {
            "group_id": group_id,
            "from": first.isoformat(),
            "to": last.isoformat(),
            "board": places,
            "you": you,
        }

    def _board(self, row: Row, first: date, last: date) -> list[dict[str, Any]]:
        asked = {
            "group_id": row["group_id"],
            "members": list(row["members"]),
            "first": first.isoformat(),
            "last": last.isoformat(),
        }
        members, counts = self._askers.map(
            lambda question: self._warehouse.query(question, asked),
            (queries.MEMBERS, queries.BOARD),
        )
        return ranking.board(members, counts)

    def wrapped(
        self, group_id: str, user: UserId, period: str, first: date, last: date
    ) -> dict[str, Any]:
        """The group's period: totals and their change, top words, the board, who is known for which word."""
        row = self._group(group_id, user)
        asked = {"group_id": group_id, "first": first.isoformat(), "last": last.isoformat()}
        emoji = {entry["word"]: entry["emoji"] for entry in self._warehouse.query(LEXICON)}
        before = figures.period_before(first, last)
        totals = [
            self._totals(group_id, first, last),
            self._totals(group_id, *before) if before else None,
        ]
        story = group_story(
            self._warehouse.query(queries.GROUP_PEOPLE_WORDS, asked),
            self._board(row, first, last),
            emoji,
            totals,
        )
        return {
            "group_id": group_id,
            "name": row["name"],
            "period": period,
            "from": asked["first"],
            "to": asked["last"],
            **story,
        }
