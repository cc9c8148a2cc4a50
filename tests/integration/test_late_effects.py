"""Effects of a worker that was paused: rows that it writes late, and a person it erases late.

Messages and offsets of such a worker are refused by the broker (`test_consumer_storm.py`).
"""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from adapters.process.clock import unix_ms
from adapters.warehouse import Row, Warehouse
from consumers.erasure import user_erasure
from consumers.runtime.outcome import Record
from consumers.sink.rows import rows_of
from consumers.sink.step import Sink
from deploy.clickhouse.migration_files import tables
from schemas import stages, topics
from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.ids import UserId
from schemas.people_events import GroupListing, UserErased
from schemas.session_rows import SessionListing
from tests.golden import EXAMPLES, example_of

NUMBERS = ("totals_version", "generation", "revision", "credit_version", "claim_version", "through")
"""Fields that say which of two events is the newer one; else it is the time."""
PAIRS = [
    (topic, event)
    for topic, event in EXAMPLES
    if topic in stages.SINK.reads and rows_of(Record(topic, 0, 0, event))
]
ONCE = {"RequestAccepted", "RequestRejected", "GroupChangeDecided", "UserChangeDecided"}
"""Answers: a request has one, and a repeat is the same."""
ASKED_MS = 1_900_000_000_000
LATER_MS = 1_900_000_100_000


def newer(event: Event) -> Event:
    if isinstance(event, SessionListing):
        return replace(event, audio_ms=event.audio_ms + 1)
    number = next((name for name in NUMBERS if hasattr(event, name)), "occurred_at_ms")
    changes = {number: getattr(event, number) + 1, "event_id": ""}
    return replace(event, **changes)


def rows_now(warehouse: Warehouse, written: set[str]) -> dict[str, list[Row]]:
    """All rows that a reader sees of these tables."""
    return {
        table: warehouse.query(
            f"SELECT {', '.join(tables()[table])} FROM {table} FINAL ORDER BY ALL"  # noqa: S608
        )
        for table in written
    }


@pytest.mark.parametrize(
    ("topic", "event"), PAIRS, ids=[type(event).__name__ for _, event in PAIRS]
)
def test_rows_that_a_sink_writes_late_replace_nothing(
    warehouse: Warehouse, topic: Topic, event: Event
) -> None:
    sink = Sink(warehouse, lambda: 0)
    # Some tables keep their rows for days only.
    event = replace(event, occurred_at_ms=unix_ms())
    late = Record(topic, 0, 17, event)
    in_time = late
    if type(event).__name__ not in ONCE:
        in_time = Record(topic, 0, 18, newer(event))
    written = {table for table, _ in rows_of(late)}
    sink.process([late])
    sink.process([in_time])
    before = rows_now(warehouse, written)
    sink.process([late])
    assert rows_now(warehouse, written) == before


def test_a_person_who_came_back_keeps_what_is_new_when_the_erasure_is_late(
    warehouse: Warehouse,
) -> None:
    moments = [datetime.fromtimestamp(ms / 1000, UTC) for ms in (ASKED_MS - 1, LATER_MS)]
    for revision, moment in enumerate(moments):
        profile = ["late", f"name {revision}", moment, revision]
        warehouse.insert("users", ["user_id", "display_name", "changed_at", "revision"], [profile])
        member = ["late", f"g{revision}", "member", moment, revision]
        columns = ["user_id", "group_id", "role", "joined_at", "revision"]
        warehouse.insert("group_members", columns, [member])
        group = [f"g{revision}", "late", ["late", "other"], revision]
        warehouse.insert("groups", ["group_id", "owner", "members", "revision"], [group])
    erased = UserErased(occurred_at_ms=ASKED_MS, user_id=UserId("late"), request_id="r")
    user_erasure.erase(warehouse, erased)
    names = warehouse.query("SELECT display_name FROM users FINAL WHERE user_id = 'late'")
    groups = warehouse.query("SELECT group_id, owner, members FROM groups FINAL ORDER BY group_id")
    of_late = [row for row in groups if row["group_id"] in {"g0", "g1"}]
    assert names == [{"display_name": "name 1"}]
    assert of_late == [
        {"group_id": "g0", "owner": "", "members": ["other"]},
        {"group_id": "g1", "owner": "late", "members": ["late", "other"]},
    ]


def test_who_came_back_to_a_group_and_left_it_again_is_a_former_member(
    warehouse: Warehouse,
) -> None:
    """Before, the daily look deleted that row, and a claim showed them the group's sessions."""
    listing = replace(
        example_of(GroupListing),
        event_id="",
        group_id="again",
        former=(UserId("again"), UserId("gone")),
        former_since_ms={UserId("again"): LATER_MS, UserId("gone"): ASKED_MS},
    )
    Sink(warehouse, lambda: 0).process([Record(topics.GROUPS_DIRECTORY, 0, 1, listing)])
    left = [
        UserErased(occurred_at_ms=ASKED_MS, user_id=user, request_id="r") for user in listing.former
    ]
    user_erasure.erase_again(warehouse, left)
    found = warehouse.query("SELECT user_id, role FROM group_members FINAL WHERE role = ''")
    assert [row for row in found if row["user_id"] in listing.former] == [
        {"user_id": "again", "role": ""}
    ]
