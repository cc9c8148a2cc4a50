"""`python -m deploy.clickhouse.erasure_check`: names what the tables about people leave out.

They are `schemas/erasure.py`, and `api/my_data/own_rows.py` for the data that a person takes away.
Part of `make lint`. Reads files only.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping

from api.my_data import own_rows
from deploy.clickhouse.migration_files import tables
from schemas import erasure, topics
from schemas.erasure import BlankColumns, DeleteRows, DeleteSession, LeaveList, StandIn, TableRule
from schemas.stage_names import FOLDS

OF_PEOPLE = {"user_id", "owner", "members", "users", "company", "claimed_by", "requested_by"}
"""Columns that hold ids of people. A table with one of them has a rule about people."""


def problems() -> list[str]:
    """One sentence for each gap; empty when there is none."""
    stored = tables()
    return [
        *_differences("topic", erasure.TOPICS, [topic.name for topic in topics.ALL]),
        *_differences("fold", erasure.FOLDS, FOLDS),
        *_differences("table", erasure.TABLES, stored),
        *_columns(stored),
        *_not_told(stored),
    ]


def _columns(stored: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for name, rule in erasure.TABLES.items():
        yield from _of_table(name, rule, stored.get(name, ()))


def _not_told(stored: Iterable[str]) -> Iterator[str]:
    for name in sorted(set(stored) - set(own_rows.TABLES)):
        where = "say in api/my_data/own_rows.py which rows are one's own"
        yield f"table {name} is not in my data: {where}"


def _differences(
    what: str,
    rules: Mapping[str, object],
    stored: Iterable[str],
) -> Iterator[str]:
    known = set(stored)
    for name in sorted(known - set(rules)):
        yield f"{what} {name} has no rule: say in schemas/erasure.py what happens on erasure"
    for name in sorted(set(rules) - known):
        yield f"{what} {name} has a rule in schemas/erasure.py and does not exist"


def _of_table(
    name: str,
    rule: TableRule,
    columns: tuple[str, ...],
) -> Iterator[str]:
    for column in sorted(_named(rule) - set(columns)):
        yield f"table {name} has no column {column}, which its rule in schemas/erasure.py names"
    if "session_id" in columns and rule.session == erasure.NO_SESSION:
        yield f"table {name} has sessions, and its rule says that it has none"
    if OF_PEOPLE & set(columns) and rule.person in (erasure.NO_PERSON, erasure.NOBODY):
        yield f"table {name} has ids of people, and its rule says that it has none"


def _named(rule: TableRule) -> set[str]:
    found = {"session_id", rule.session.day} if isinstance(rule.session, DeleteSession) else set()
    for one in rule.person:
        match one:
            case DeleteRows(user, before):
                found |= {user, before}
            case BlankColumns(columns, before):
                found |= {*columns, before}
            case LeaveList(column, owner):
                found |= {column, owner}
            case StandIn(column):
                found |= {column}
    return {column for column in found if column is not None}


def main() -> int:
    """1 when something is missing, each named on stderr."""
    found = problems()
    sys.stderr.writelines(f"{sentence}\n" for sentence in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
