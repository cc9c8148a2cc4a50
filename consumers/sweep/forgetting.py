"""A user who wants to be forgotten: what is still theirs in the warehouse, who is asked to let go of it, and rows that go."""

from uuid import uuid4

from adapters.warehouse import Row
from consumers.runtime.erasing import GONE, Rows
from schemas import topics
from schemas.claim_events import ReleaseRequested
from schemas.event import Event
from schemas.ids import SessionId, UserId, event_id
from schemas.people_events import GroupAction, GroupChangeRequested, UserErased
from schemas.topics import Topic

VOICES = "SELECT session_id, speaker FROM claims FINAL WHERE user_id = {user:String} AND kind != '' ORDER BY ALL"
GROUPS = "SELECT group_id FROM group_members FINAL WHERE user_id = {user:String} ORDER BY ALL"
LEFT = """
SELECT (SELECT sum(count) + sum(spoken) + sum(talk_ms) FROM user_words FINAL WHERE user_id = {user:String})
     + (SELECT sum(length(said_ms)) FROM user_moments FINAL WHERE user_id = {user:String})
     + (SELECT count() FROM sessions FINAL WHERE owner = {user:String} AND state != 'erased')
     + (SELECT count() FROM claims FINAL WHERE user_id = {user:String} AND kind != '')
     + (SELECT count() FROM groups FINAL WHERE has(members, {user:String})) AS n
"""
"""What goes when the folds have decided: counts, moments, the user's own sessions, voices, memberships."""
THEIRS = {
    "user_words": "user_id", "user_moments": "user_id", "group_members": "user_id", "users": "user_id", "shares": "user_id",
    "requests": "requested_by",
}  # fmt: skip
NAMED = {
    "claims": """
        user_id = if(user_id = {user:String}, '', user_id), claimed_by = if(claimed_by = {user:String}, '', claimed_by)
        WHERE user_id = {user:String} OR claimed_by = {user:String}""",
    "groups": """
        members = arrayFilter(member -> member != {user:String}, members), owner = if(owner = {user:String}, '', owner)
        WHERE has(members, {user:String}) OR owner = {user:String}""",
    # Somebody must stand in a snapshot until it is renewed, or whoever compares two looks learns who left (contracts, section 4).
    **dict.fromkeys(
        ("shown_words", "shown_days", "shown_months", "cohorts"),
        "users = arrayMap(one -> if(one = {user:String}, {nobody:String}, one), users) WHERE has(users, {user:String})",
    ),
}
"""Rows that are not theirs alone: what they say stays, who it was does not."""


def requests(warehouse: Rows, event: UserErased) -> list[tuple[Topic, Event]]:
    """What the folds must be asked to let go of. The same requests at every look, so that a repeat is answered like the first."""
    asked = {"user": event.user_id}
    voices = [_release(event, row) for row in warehouse.query(VOICES, asked)]
    return [*voices, *(_leave(event, row["group_id"]) for row in warehouse.query(GROUPS, asked))]


def is_left(warehouse: Rows, user: UserId) -> bool:
    """Whether the folds have yet to decide something."""
    return bool(warehouse.query(LEFT, {"user": user})[0]["n"])


def _release(event: UserErased, row: Row) -> tuple[Topic, Event]:
    request = event_id("Forgotten", event.event_id, row["session_id"], row["speaker"])
    return topics.CLAIMS_REQUESTED, ReleaseRequested(
        event_id=event_id("ReleaseRequested", request),
        occurred_at_ms=event.occurred_at_ms,
        session_id=SessionId(row["session_id"]),
        request_id=request,
        speaker=row["speaker"],
        by=event.user_id,
    )


def _leave(event: UserErased, group_id: str) -> tuple[Topic, Event]:
    request = event_id("Forgotten", event.event_id, group_id)
    return topics.GROUPS_REQUESTED, GroupChangeRequested(
        event_id=event_id("GroupChangeRequested", request),
        occurred_at_ms=event.occurred_at_ms,
        group_id=group_id,
        request_id=request,
        by=event.user_id,
        action=GroupAction.FORGET,
    )


def erase(warehouse: Rows, user: UserId) -> None:
    """Their rows, and their name in rows that stay, former versions too. Blocking; repeatable."""
    asked = {"user": user, "nobody": f"erased-{uuid4()}"}
    for table, column in THEIRS.items():
        warehouse.command(f"ALTER TABLE {table} DELETE WHERE {column} = {{user:String}}{GONE}", asked)
    for table, change in NAMED.items():
        warehouse.command(f"ALTER TABLE {table} UPDATE {change}{GONE}", asked)
