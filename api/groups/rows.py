"""Rows of the queries about groups."""

from datetime import datetime

from adapters.warehouse import TypedRow
from api.period_totals import TotalsRow
from api.users.rows import Role
from schemas.ids import UserId


class GroupRow(TypedRow, frozen=True):
    """A group that the caller is in. `role` is the caller's."""

    group_id: str
    name: str
    owner: UserId
    members: list[UserId]
    role: Role


class MemberRow(TypedRow, frozen=True):
    """A member; `display_name` is empty when the member never chose one."""

    user_id: UserId
    display_name: str
    role: Role
    joined_at: datetime


class GroupTotalsRow(TotalsRow, frozen=True):
    """Sums of a group, and how many people said something."""

    people: int


class MemberTotalRow(TypedRow, frozen=True):
    """Counted and recognised words of one member."""

    user_id: UserId
    total: int
    words_spoken: int


class MemberWordRow(TypedRow, frozen=True):
    """How often one user said one word."""

    user_id: UserId
    word: str
    total: int
