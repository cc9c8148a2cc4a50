"""Every place that stores something says what happens there on erasure."""

import pytest

from consumers.erasure.user_erasure import statements
from schemas import stage_names, topics
from schemas.erasure import FOLDS, TABLES, TOPICS, DeleteSession, Stays, stays_after_erasure


def test_every_topic_and_every_fold_has_a_rule() -> None:
    assert set(TOPICS) == {topic.name for topic in topics.ALL}
    assert tuple(FOLDS) == stage_names.FOLDS


@pytest.mark.parametrize(("table", "stays"), [("sessions", True), ("word_events", False)])
def test_rows_of_an_erased_session_are_written_only_where_they_stay(
    table: str, stays: bool
) -> None:
    assert stays_after_erasure(table) is stays
    assert isinstance(TABLES[table].session, Stays if stays else DeleteSession)


def test_a_person_goes_by_one_statement_for_each_rule() -> None:
    found = [" ".join(statement.split()) for statement in statements()]
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
    ) in found
    assert (
        "ALTER TABLE cohorts UPDATE"
        " users = arrayMap(one -> if(one = {user:String}, {nobody:String}, one), users)"
        " WHERE has(users, {user:String})"
    ) in found
