"""Groups as their members see them. For everybody else there is no such group."""

from adapters.http.problems import not_found
from adapters.warehouse import Queries
from api.date_range import DateRange
from api.groups import queries, rows
from api.groups.board import board, own_place
from api.groups.models import GroupAnswer, GroupBoard, GroupStats, Member, MemberList, MemberPlace
from api.groups.rows import GroupRow, GroupTotalsRow
from api.groups.story import GroupNumbers, group_story
from api.groups.story_models import GroupWrapped
from api.lexicon import lexicon_of
from api.period_totals import PeriodTotals, WordTotalRow
from api.side_by_side import SideBySide
from api.trends import Buckets, Trend
from schemas.ids import UserId

BOARD_THREADS = 4
"""Queries of boards at a time, over all callers."""


class Groups:
    """Blocking. Live and exact: members may see each other's counts in the group's sessions.

    HttpProblem 404 when the caller is not in the group; TransientError when the warehouse is away.
    """

    def __init__(self, warehouse: Queries) -> None:
        self._warehouse = warehouse
        self._threads = SideBySide("boards", BOARD_THREADS)

    def _group(self, group_id: str, user: UserId) -> GroupRow:
        parameters = {"group_id": group_id, "user": user}
        result = self._warehouse.query(queries.GROUP, parameters, row=GroupRow)
        # The sink takes somebody off the list of members first, and off the group a moment later.
        if not result or user not in result[0].members:
            raise not_found("group")
        return result[0]

    def group(self, group_id: str, user: UserId) -> GroupAnswer:
        """Name, owner, size, and the caller's role."""
        row = self._group(group_id, user)
        return GroupAnswer(
            group_id=group_id,
            name=row.name,
            owner=row.owner,
            members=len(row.members),
            role=row.role,
        )

    def members(self, group_id: str, user: UserId) -> MemberList:
        """The members, in order of joining."""
        result = self._members(self._group(group_id, user))
        return MemberList(members=[_member(row) for row in result])

    def _members(self, group: GroupRow) -> list[rows.MemberRow]:
        parameters = {"group_id": group.group_id, "members": group.members}
        return self._warehouse.query(queries.MEMBERS, parameters, row=rows.MemberRow)

    def stats(self, group_id: str, user: UserId, days: DateRange) -> GroupStats:
        """Everything credited to people in the group's sessions."""
        self._group(group_id, user)
        totals = self._totals(group_id, days)
        sums = PeriodTotals.of(days, totals, self._words(group_id, days))
        return GroupStats(group_id=group_id, people=totals.people, **dict(sums))

    def _totals(self, group_id: str, days: DateRange) -> GroupTotalsRow:
        parameters = {"group_id": group_id, **days.parameters()}
        return self._warehouse.query(queries.TOTALS, parameters, row=GroupTotalsRow)[0]

    def _words(self, group_id: str, days: DateRange) -> list[WordTotalRow]:
        parameters = {"group_id": group_id, **days.parameters()}
        return self._warehouse.query(queries.WORDS, parameters, row=WordTotalRow)

    def trend(self, group_id: str, user: UserId, buckets: Buckets) -> Trend:
        """Its counts over time, days without a word too."""
        self._group(group_id, user)
        return buckets.read(self._warehouse, queries.TREND, {"group_id": group_id})

    def leaderboard(self, group_id: str, user: UserId, days: DateRange) -> GroupBoard:
        """Every member with a place, and the caller's own with a percentile."""
        places = self._board(self._group(group_id, user), days)
        return GroupBoard(
            group_id=group_id,
            first=days.first,
            last=days.last,
            board=places,
            you=own_place(places, user),
        )

    def _board(self, group: GroupRow, days: DateRange) -> list[MemberPlace]:
        members = self._threads.start(lambda: self._members(group))
        totals = self._threads.start(lambda: self._member_totals(group, days))
        return board(members(), totals())

    def _member_totals(self, group: GroupRow, days: DateRange) -> list[rows.MemberTotalRow]:
        parameters = {
            "group_id": group.group_id,
            "members": group.members,
            **days.parameters(),
        }
        return self._warehouse.query(queries.MEMBER_TOTALS, parameters, row=rows.MemberTotalRow)

    def wrapped(self, group_id: str, user: UserId, period: str, days: DateRange) -> GroupWrapped:
        """Totals and their change, top words, the board, and who is known for which word."""
        group = self._group(group_id, user)
        story = group_story(self._numbers(group, days))
        return GroupWrapped(
            state=story.state,
            missing=story.missing,
            cards=story.cards,
            how=story.how,
            group_id=group_id,
            name=group.name,
            period=period,
            first=days.first,
            last=days.last,
        )

    def _numbers(self, group: GroupRow, days: DateRange) -> GroupNumbers:
        before = days.before()
        words = lexicon_of(self._warehouse)
        parameters = {"group_id": group.group_id, **days.parameters()}
        return GroupNumbers(
            totals=self._totals(group.group_id, days),
            before=self._totals(group.group_id, before) if before else None,
            words={row.word: row.total for row in self._words(group.group_id, days)},
            member_words=self._warehouse.query(
                queries.MEMBER_WORDS, parameters, row=rows.MemberWordRow
            ),
            board=self._board(group, days),
            emoji={row.word: row.emoji for row in words},
            categories={row.word: row.category for row in words},
        )


def _member(row: rows.MemberRow) -> Member:
    return Member(
        user_id=row.user_id,
        display_name=row.display_name,
        role=row.role,
        joined_at=row.joined_at,
    )
