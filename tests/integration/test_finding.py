"""Lists begin with the newest talk, and people are found as people look for them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from adapters.warehouse import Warehouse
from api.my_data import service as own_data
from api.my_data.own_rows import OWN_CLIPS, VOICES
from api.my_data.service import ClipKeyRow
from api.sessions import queries as session_queries
from api.sessions.lists import Cursor, Page, SessionLists
from api.sessions.service import Sessions
from api.sessions.texts import Objects
from api.shares import queries as share_queries
from api.users import queries
from api.users.rows import MembershipRow
from api.users.service import Users
from schemas.ids import UserId
from tests.integration.served import filled
from tests.reference.telling import put

WHEN = datetime(2026, 11, 24, 12, tzinfo=UTC)
OWNER = UserId("mei")
IDS = ("9fb2", "0192", "f3c4", "4d5e", "0a1b")
"""Of talks, the oldest first: ids say nothing of the time, as those of some phones."""
NAMES = {"u1": "Tan Ah Kow", "u2": "李", "u3": "Tan Ah Lian", "u4": "Kowalski"}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with filled(tmp_path_factory.mktemp("finding")) as found:
        for day, session_id in enumerate(IDS):
            # Two talks began at the same moment: no page may lose or repeat one of them.
            began = WHEN + timedelta(days=min(day, 3))
            put(found, "sessions", _session(session_id, began))
        for user_id, name in NAMES.items():
            put(found, "users", _user(user_id, name))
        for statement in OF_OTHERS:
            found.command(statement)
        yield found


def _session(session_id: str, began: datetime) -> dict[str, object]:
    return {
        "session_id": session_id,
        "owner": OWNER,
        "group_id": "",
        "state": "completed",
        "generation": 1,
        "recorded_at": began,
        "failure": "",
        "clock_corrected": 0,
        "time_zone": "Asia/Singapore",
        "audio_ms": 60_000,
        "version": 1,
    }


def _user(user_id: str, name: str) -> dict[str, object]:
    choices = {"findable": True, "on_board": False, "tags_at_once": False}
    return {"user_id": user_id, "display_name": name, **choices, "changed_at": WHEN, "revision": 1}


def test_talks_come_newest_first_whatever_their_ids(warehouse: Warehouse) -> None:
    assert pages(warehouse, limit=2) == [["4d5e", "0a1b"], ["f3c4", "0192"], ["9fb2"]]
    assert pages(warehouse, limit=5) == [["4d5e", "0a1b", "f3c4", "0192", "9fb2"]]


def pages(warehouse: Warehouse, limit: int) -> list[list[str]]:
    """The ids of each page, by the cursors that the pages have."""
    lists = SessionLists(warehouse)
    found: list[list[str]] = []
    cursor: str | None = ""
    while cursor is not None and len(found) < len(IDS):
        page = lists.page(OWNER, Page(status=None, before=Cursor.of(cursor), limit=limit))
        found.append([one.session_id for one in page.sessions])
        cursor = page.next
    return found


def test_the_groups_of_one_person_are_found_without_reading_all(warehouse: Warehouse) -> None:
    """Before, each look at one's own page read the groups of everybody."""
    warehouse.command(
        """INSERT INTO groups (group_id, name, owner, members, revision)
        SELECT concat('g', toString(number)), 'n', 'o', ['o'], 1 FROM numbers(100000)"""
    )
    put(warehouse, "group_members", _member("g5", "owner"))
    put(warehouse, "group_members", _member("g7", ""))
    bounded = f"{queries.MY_GROUPS} SETTINGS max_rows_to_read = 50000"
    rows = warehouse.query(bounded, {"user": OWNER}, row=MembershipRow)
    assert [(row.group_id, row.role) for row in rows] == [("g5", "owner")]


def test_the_clips_of_one_person_are_found_without_reading_all_sessions(
    warehouse: Warehouse,
) -> None:
    """Else each file of one's own data reads the totals of everybody's sessions, and keeps them."""
    warehouse.command(
        """INSERT INTO session_totals (session_id, generation)
        SELECT concat('s', toString(number)), 1 FROM numbers(100000)"""
    )
    bounded = f"{OWN_CLIPS} SETTINGS max_rows_to_read = 50000"
    assert warehouse.query(bounded, {"user": OWNER}, row=ClipKeyRow) == []


OF_OTHERS = (
    """INSERT INTO claims (session_id, speaker, kind, user_id)
    SELECT concat('s', toString(number)), 'S1', 'tag', toString(cityHash64(number) % 5000)
    FROM numbers(100000)""",
    """INSERT INTO sessions (session_id, owner)
    SELECT concat('s', toString(number)), toString(cityHash64(number) % 5000)
    FROM numbers(100000)""",
    """INSERT INTO shares (share, user_id)
    SELECT concat('s', toString(number)), toString(cityHash64(number) % 5000)
    FROM numbers(100000)""",
)
PAGE = {"group_id": "", "status": "", "before": "", "before_ms": 0, "limit": 5}
OF_ONE_PERSON = {
    "tags": queries.MY_TAGS,
    "talks": session_queries.SESSIONS,
    "links": share_queries.MY_SHARES,
    "recorded": own_data.SESSIONS,
    "voices": VOICES,
}
RECORDED_BY_OWNER = (session_queries.SESSIONS, own_data.SESSIONS)


@pytest.mark.parametrize("sql", OF_ONE_PERSON.values(), ids=OF_ONE_PERSON)
def test_what_is_of_one_person_is_found_without_reading_all(warehouse: Warehouse, sql: str) -> None:
    """Before, each look at one's own page read the claims and the sessions of everybody."""
    bounded = f"{sql} SETTINGS max_rows_to_read = 50000"
    found = warehouse.query(bounded, {"user": OWNER, **PAGE})
    assert bool(found) == (sql in RECORDED_BY_OWNER)


def _member(group_id: str, role: str) -> dict[str, object]:
    return {
        "user_id": OWNER,
        "group_id": group_id,
        "role": role,
        "joined_at": WHEN,
        "revision": 1,
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kow tan", {"u1"}),
        ("tan", {"u1", "u3"}),
        ("KOW", {"u1", "u4"}),
        ("李", {"u2"}),
        ("tan ah", {"u1", "u3"}),
        ("u4", {"u4"}),
        ("kow nobody", set()),
    ],
)
def test_people_are_found_by_parts_of_their_names(
    warehouse: Warehouse, query: str, found: set[str]
) -> None:
    users = Users(warehouse, Sessions(warehouse, cast(Objects, None))).search(OWNER, query).users
    assert {one.user_id for one in users} == found
