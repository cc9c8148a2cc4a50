"""Erasure of a person from the warehouse. `schemas/erasure.py` says what goes.

First the folds are asked to release what is the person's: see `user_releases`. When they have
decided everything, rows and ids are removed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from uuid import uuid4

from adapters.erasure.erasable_rows import Mutation
from adapters.warehouse import Statements, TypedRow
from consumers.erasure.came_back import question
from consumers.erasure.going_rows import ONE, conditions
from consumers.erasure.user_releases import THEIRS, values_of, values_of_all
from schemas.erasure import (
    TABLES,
    BlankColumns,
    DeleteRows,
    LeaveList,
    OnPerson,
    Recomputed,
    StandIn,
    Stays,
    Unless,
)
from schemas.ids import UserId
from schemas.people_events import UserErased

CREDITED = f"SELECT DISTINCT user_id AS person FROM user_days WHERE user_id {THEIRS}"  # noqa: S608


class Named(TypedRow, frozen=True):
    """Somebody of those who were asked about."""

    person: UserId


@dataclass(frozen=True)
class Change(Mutation):
    """One rule of a table, for one person. `question` names those of many who have such rows.

    The parameters are those of `values_of`, with a stand-in, and of `values_of_all`.
    """

    question: str


def erase(warehouse: Statements, event: UserErased) -> None:
    """Delete the person's rows, and their id in rows that stay. Blocking; repeatable.

    Former versions of a row are changed as well.
    """
    values = {**values_of(event), "nobody": f"erased-{uuid4()}"}
    for change in changes():
        change.run(warehouse, values)
    forget_statements(warehouse)


def erase_again(warehouse: Statements, events: Sequence[UserErased]) -> None:
    """Remove what came back of people who left. Blocking; repeatable.

    Snapshots and published figures are left alone when the person has counts since then: they are
    in them anew.
    """
    values = values_of_all(events)
    of = {event.user_id: {**values_of(event), "nobody": f"erased-{uuid4()}"} for event in events}

    @cache
    def credited() -> set[UserId]:
        # Asked at the first snapshot: counts that came back by mistake are deleted before it.
        return {row.person for row in warehouse.query(CREDITED, values, row=Named)}

    changed: set[str] = set()
    for change in changes():
        back = {row.person for row in warehouse.query(change.question, values, row=Named)}
        if back and _is_snapshot(change.table):
            back -= credited()
        for person in sorted(back):
            change.run(warehouse, of[person])
            changed.add(change.table)
    forget_statements(warehouse, changed)


def forget_statements(warehouse: Statements, tables: Collection[str] | None = None) -> None:
    """Change nothing in the tables, so that this is the statement which each of them remembers.

    None: in all that have people. A table keeps its last mutation on disk, with the id of the
    person that it is about. It forgets the one before in about a minute. Blocking; repeatable.
    """
    if tables is None:
        tables = {change.table for change in changes()}
    for table in sorted(tables):
        Mutation(table, "DELETE", "0").run(warehouse, {})


def _is_snapshot(table: str) -> bool:
    return isinstance(TABLES[table].session, Recomputed)


@cache
def changes() -> tuple[Change, ...]:
    """One for each rule of `schemas/erasure.py`: deletions first, then new values."""
    deletions: list[Change] = []
    others: list[Change] = []
    for table, rules in TABLES.items():
        for rule in rules.person:
            if isinstance(rule, DeleteRows):
                deletions.append(Change(table, *_action(rule), question(table, rule)))
            elif not isinstance(rule, Stays):
                others.append(Change(table, *_action(rule), question(table, rule)))
    return (*deletions, *others)


def _action(rule: OnPerson) -> tuple[str, str]:
    """The action, and the condition of the rows."""
    match rule:
        case DeleteRows(user, before, unless):
            return "DELETE", _where(f"{user} = {{user:String}}", before, unless)
        case BlankColumns(columns, before):
            blanks = ", ".join(_blank(column) for column in columns)
            holds = " OR ".join(f"{column} = {{user:String}}" for column in columns)
            return f"UPDATE {blanks}", _where(f"({holds})", before, None)
        case LeaveList(column, owner, unless):
            return f"UPDATE {_leaving(column, owner)}", _on_list(column, owner, unless)
        case StandIn(column):
            other = f"arrayMap(one -> if(one = {{user:String}}, {{nobody:String}}, one), {column})"
            return f"UPDATE {column} = {other}", f"has({column}, {{user:String}})"
        case Stays():
            raise ValueError("nothing is to be done")


def _where(holds: str, before: str | None, unless: Unless | None) -> str:
    return " AND ".join([holds, *conditions(ONE, before, unless)])


def _blank(column: str) -> str:
    return f"{column} = if({column} = {{user:String}}, '', {column})"


def _leaving(column: str, owner: str | None) -> str:
    without = f"{column} = arrayFilter(one -> one != {{user:String}}, {column})"
    if owner is None:
        return without
    return f"{without}, {_blank(owner)}"


def _on_list(column: str, owner: str | None, unless: Unless | None) -> str:
    holds = f"has({column}, {{user:String}})"
    if owner is not None:
        holds = f"({holds} OR {owner} = {{user:String}})"
    return _where(holds, None, unless)
