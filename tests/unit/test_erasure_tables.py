"""Every place that stores something says what happens there on erasure."""

from collections.abc import Mapping
from typing import TypeVar

import pytest

from api.my_data import own_rows
from consumers.erasure.main import OF_PEOPLE
from consumers.erasure.user_erasure import changes
from consumers.runtime.outcome import Record
from consumers.sink.rows import rows_of
from deploy.clickhouse.erasure_check import problems
from deploy.clickhouse.migration_files import tables
from schemas import erasure, stages
from schemas.erasure import (
    FOLDS,
    NO_SESSION,
    NOBODY,
    TABLES,
    TOPICS,
    BlankColumns,
    DeleteRows,
    DeleteSession,
    LeaveList,
    OnPerson,
    StandIn,
    Stays,
    TableRule,
    stays_after_erasure,
)
from tests.golden import EXAMPLES

T = TypeVar("T")


def test_everything_that_is_stored_has_a_rule() -> None:
    assert problems() == []


def test_a_table_that_my_data_leaves_out_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_rows, "TABLES", without(own_rows.TABLES, "verdicts"))
    assert problems() == [
        "table verdicts is not in my data: say in api/my_data/own_rows.py which rows are one's own"
    ]


def test_nobody_is_told_who_else_is_in_a_list() -> None:
    told = {
        (name, rule.column)
        for name, rules in TABLES.items()
        for rule in rules.person
        if isinstance(rule, LeaveList | StandIn)
        and isinstance(held := own_rows.TABLES[name], own_rows.Held)
        and rule.column not in held.without
    }
    assert told == set()


def without(rules: Mapping[str, T], name: str) -> dict[str, T]:
    return {key: rule for key, rule in rules.items() if key != name}


def test_what_has_no_rule_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = {
        **TABLES,
        "user_notes": TableRule(NO_SESSION, (DeleteRows(),)),
        "shares": TableRule(NO_SESSION, (DeleteRows(user="person"),)),
        "groups": TableRule(NO_SESSION, NOBODY),
    }
    monkeypatch.setattr(erasure, "TABLES", without(rules, "clips"))
    monkeypatch.setattr(erasure, "TOPICS", without(TOPICS, "words.counted.v1"))
    monkeypatch.setattr(erasure, "FOLDS", without(FOLDS, "tally"))
    rule = "has no rule: say in schemas/erasure.py what happens on erasure"
    assert problems() == [
        f"topic words.counted.v1 {rule}",
        f"fold tally {rule}",
        f"table clips {rule}",
        "table user_notes has a rule in schemas/erasure.py and does not exist",
        "table groups has ids of people, and its rule says that it has none",
        "table shares has no column person, which its rule in schemas/erasure.py names",
        "table user_notes has no column user_id, which its rule in schemas/erasure.py names",
    ]


def test_the_tables_of_the_migrations_are_read_with_their_columns() -> None:
    assert tables()["shares"][:2] == ("share", "user_id")
    assert tables()["erased_sessions"] == ("session_id", "first", "last", "erased_at")


@pytest.mark.parametrize(("table", "stays"), [("sessions", True), ("word_events", False)])
def test_rows_of_an_erased_session_are_written_only_where_they_stay(
    table: str, stays: bool
) -> None:
    assert stays_after_erasure(table) is stays
    assert isinstance(TABLES[table].session, Stays if stays else DeleteSession)


def test_a_person_goes_by_one_statement_for_each_rule() -> None:
    found = [" ".join(change.statement.split()) for change in changes()]
    rules = [rule for table in TABLES.values() for rule in table.person]
    assert len(found) == sum(not isinstance(rule, Stays) for rule in rules)
    assert [one.split()[3] for one in found] == sorted(one.split()[3] for one in found)
    assert (
        "ALTER TABLE shares DELETE WHERE user_id = {user:String}"
        " AND made_at <= fromUnixTimestamp64Milli({until_ms:Int64})"
    ) in found
    assert (
        "ALTER TABLE claims UPDATE user_id = if(user_id = {user:String}, '', user_id),"
        " claimed_by = if(claimed_by = {user:String}, '', claimed_by)"
        " WHERE (user_id = {user:String} OR claimed_by = {user:String})"
        " AND claimed_at <= fromUnixTimestamp64Milli({until_ms:Int64})"
    ) in found
    assert (
        "ALTER TABLE groups UPDATE"
        " members = arrayFilter(one -> one != {user:String}, members),"
        " owner = if(owner = {user:String}, '', owner)"
        " WHERE (has(members, {user:String}) OR owner = {user:String})"
        " AND ({user:String}, group_id) NOT IN ( SELECT user_id, group_id FROM group_members FINAL"
        " WHERE user_id = {user:String} AND role != ''"
        " AND joined_at > fromUnixTimestamp64Milli({until_ms:Int64}))"
    ) in found
    assert (
        "ALTER TABLE published_days UPDATE"
        " users = arrayMap(one -> if(one = {user:String}, {nobody:String}, one), users)"
        " WHERE has(users, {user:String})"
    ) in found


def of_people(rule: OnPerson) -> set[str]:
    """Columns with ids that an erasure removes."""
    match rule:
        case DeleteRows(user):
            return {user}
        case BlankColumns(columns):
            return set(columns)
        case LeaveList(column) | StandIn(column):
            return {column}
    return set()


def test_the_sink_is_waited_for_on_every_topic_whose_rows_name_people() -> None:
    """Answers about groups, and corrections of voices, were written after the erasure."""
    named = {
        topic.name
        for topic, event in EXAMPLES
        if topic in stages.SINK.reads
        for table, columns in rows_of(Record(topic, 0, 0, event))
        for rule in TABLES[table].person
        if any(columns[column] for column in of_people(rule))
    }
    assert named <= {topic.name for topic in OF_PEOPLE}
    assert {"groups.decided.v1", "session.decided.v1"} <= named
