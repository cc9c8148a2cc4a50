"""The caller's own numbers and profile, people to find, and the board of everyone."""

from collections.abc import Sequence

from adapters.warehouse import Queries
from api.date_range import DateRange
from api.period_totals import PeriodTotals, TotalsRow, WordTotalRow
from api.sessions.service import Sessions
from api.trends import Buckets, Trend
from api.users import queries, rows
from api.users.models import (
    BoardOfEveryone,
    Comparison,
    FoundUser,
    Me,
    Membership,
    MyStats,
    Place,
    SearchResult,
    Tag,
    UserStats,
)
from api.users.own_words import OwnWords
from schemas.access import Act
from schemas.ids import SessionId, UserId

MOST_ON_BOARD = 100


class Users:
    """Blocking. TransientError when the warehouse is away."""

    def __init__(self, warehouse: Queries, sessions: Sessions) -> None:
        self._warehouse = warehouse
        self._sessions = sessions

    def me(self, user: UserId) -> Me:
        """Profile, groups, and tags that wait for an answer."""
        profile = self._profile(user)
        return Me(
            user_id=user,
            display_name=profile.display_name,
            findable=profile.findable,
            on_board=profile.on_board,
            tags_take_effect_at_once=profile.tags_at_once,
            time_zone=profile.time_zone,
            keep_transcript_days=profile.keep_transcript_days,
            groups=self._groups(user),
            tags=self._tags(user),
        )

    def signed_out_at_ms(self, user: UserId) -> int:
        """Unix time: sessions of the user's browsers that began before it are over."""
        (row,) = self._warehouse.query(queries.SIGNED_OUT, {"user": user}, row=rows.SignedOutRow)
        return row.signed_out_at_ms

    def _profile(self, user: UserId) -> rows.ProfileRow:
        result = self._warehouse.query(queries.PROFILE, {"user": user}, row=rows.ProfileRow)
        return result[0] if result else rows.NO_PROFILE

    def _groups(self, user: UserId) -> list[Membership]:
        parameters = {"user": user}
        result = self._warehouse.query(queries.MY_GROUPS, parameters, row=rows.MembershipRow)
        return [_membership(row) for row in result]

    def _tags(self, user: UserId) -> list[Tag]:
        result = self._warehouse.query(queries.MY_TAGS, {"user": user}, row=rows.TagRow)
        return [_tag(row) for row in result]

    def search(self, user: UserId, query: str) -> SearchResult:
        """People of the caller's groups, or who agreed to be found.

        By their exact id, or by parts of their name in any order.
        """
        parameters = {"user": user, "query": query, "parts": query.split()}
        result = self._warehouse.query(queries.SEARCH, parameters, row=rows.NamedRow)
        users = [FoundUser(user_id=row.user_id, display_name=row.display_name) for row in result]
        return SearchResult(users=users)

    def stats(
        self,
        user: UserId,
        days: DateRange,
        group_id: str = "",
    ) -> UserStats:
        """The user's totals, by when things were said; in one group's sessions when it is named."""
        parameters = {"user": user, "group_id": group_id, **days.parameters()}
        words = self._warehouse.query(queries.WORDS, parameters, row=WordTotalRow)
        totals = self._warehouse.query(queries.TOTALS, parameters, row=TotalsRow)[0]
        return UserStats(user=user, **dict(PeriodTotals.of(days, totals, words)))

    def trend(self, user: UserId, buckets: Buckets) -> Trend:
        """The caller's counts over time, days without a word too."""
        return buckets.read(self._warehouse, queries.TREND, {"user": user})

    def my_stats(self, session_id: SessionId, user: UserId) -> MyStats:
        """The caller's words in one session. 404 when it is not the caller's to see."""
        session = self._sessions.session(session_id, user, Act.SEE_OWN)
        own = self._own_words(user, [session_id])
        return own[session_id].stats(session)

    def compare(
        self,
        session_ids: Sequence[SessionId],
        user: UserId,
    ) -> Comparison:
        """The caller's words in several sessions, in their order. 404 when one is not visible."""
        sessions = [self._sessions.session(one, user, Act.SEE_OWN) for one in session_ids]
        own = self._own_words(user, session_ids)
        return Comparison(sessions=[own[one.session_id].stats(one) for one in sessions])

    def _own_words(
        self, user: UserId, session_ids: Sequence[SessionId]
    ) -> dict[SessionId, OwnWords]:
        by_session: dict[SessionId, list[rows.OwnDayRow]] = {name: [] for name in session_ids}
        parameters = {"user": user, "session_ids": list(session_ids)}
        for row in self._warehouse.query(queries.OWN_DAYS, parameters, row=rows.OwnDayRow):
            by_session[row.session_id].append(row)
        return {name: OwnWords.of(result) for name, result in by_session.items()}

    def leaderboard(self, user: UserId, days: DateRange) -> BoardOfEveryone:
        """The daily snapshot of a named period: those who agreed to be on the board.

        Behind the first hundred places the caller's own is told, and no other. It tells how many
        have more of those who agreed that everyone sees their counts.
        """
        parameters = {"limit": MOST_ON_BOARD, "user": user, **days.parameters()}
        result = self._warehouse.query(queries.BOARD_OF_EVERYONE, parameters, row=rows.BoardRow)
        places = [_place(row) for row in result]
        return BoardOfEveryone(
            first=days.first,
            last=days.last,
            board=places[:MOST_ON_BOARD],
            you=next((place for place in places if place.user_id == user), None),
        )


def _membership(row: rows.MembershipRow) -> Membership:
    return Membership(
        group_id=row.group_id,
        name=row.name,
        role=row.role,
    )


def _tag(row: rows.TagRow) -> Tag:
    return Tag(
        session_id=row.session_id,
        speaker=row.speaker,
        claimed_by=row.claimed_by,
        claimed_at=row.claimed_at,
    )


def _place(row: rows.BoardRow) -> Place:
    return Place(
        rank=row.rank,
        user_id=row.user_id,
        display_name=row.display_name,
        counts=row.counts,
    )
