"""Pure: questions for people whose rows have to go, one for each rule of `schemas/erasure.py`.

Each is about many people: everybody who left costs as many questions as one of them.
"""

from typing import NamedTuple

from consumers.erasure.going_rows import MANY, conditions
from consumers.erasure.user_releases import GONE, THEIRS
from schemas.erasure import (
    BlankColumns,
    DeleteRows,
    LeaveList,
    OnPerson,
    StandIn,
    Stays,
    Unless,
)


class _Named(NamedTuple):
    """Where the rows of a table name people, and which of them stay."""

    columns: tuple[str, ...]
    column_of_many: str | None = None
    before: str | None = None
    unless: Unless | None = None


def question(table: str, rule: OnPerson) -> str:
    """A SELECT of each `person` whose rows the rule changes now.

    Its parameters are those of `user_releases.values_of_all`.
    """
    named = _named(rule)
    going = ["whom = person", *conditions(MANY, named.before, named.unless)]
    return f"""
WITH {GONE}
SELECT DISTINCT person
FROM (SELECT *, arrayJoin({_ids(named)}) AS whom FROM {table} WHERE {_holds(named)}) AS found
INNER JOIN gone ON whom = person
WHERE {" AND ".join(going)}
"""  # noqa: S608 - names of our own tables


def _named(rule: OnPerson) -> _Named:
    match rule:
        case DeleteRows(user, before, unless):
            return _Named((user,), before=before, unless=unless)
        case BlankColumns(columns, before):
            return _Named(columns, before=before)
        case LeaveList(column, owner, unless):
            return _Named(() if owner is None else (owner,), column, unless=unless)
        case StandIn(column):
            return _Named((), column)
        case Stays():
            raise ValueError("nothing is to be done")


def _ids(named: _Named) -> str:
    ids = f"[{', '.join(named.columns)}]"
    return ids if named.column_of_many is None else f"arrayConcat({named.column_of_many}, {ids})"


def _holds(named: _Named) -> str:
    """The condition by which rows of others are not read."""
    conditions = [f"{column} {THEIRS}" for column in named.columns]
    if named.column_of_many is not None:
        conditions.append(f"hasAny({named.column_of_many}, {{users:Array(String)}})")
    return " OR ".join(conditions)
