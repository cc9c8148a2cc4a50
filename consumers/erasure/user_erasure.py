"""A user who wants to be forgotten: what is still theirs in the warehouse, who is asked to let go of it, and rows that go."""

from uuid import uuid4

from adapters.warehouse import Row, Statements
from consumers.runtime.erasing import GONE
from schemas import topics
from schemas.claim_events import ReleaseRequested
from schemas.event import Event
from schemas.ids import SessionId, derived_id
from schemas.people_events import GroupAction, GroupChangeRequested, UserErased
from schemas.topics import Topic

PARTS = {
    "VOICES": """SELECT session_id, speaker FROM claims FINAL
        WHERE user_id = {user:String} AND kind != '' AND claimed_at BEFORE AND OF_OTHERS ORDER BY ALL""",
    "GROUPS": "SELECT group_id FROM group_members FINAL WHERE user_id = {user:String} AND joined_at BEFORE ORDER BY ALL",
    # Sessions that the user recorded go by events of their own.
    "OF_OTHERS": "session_id NOT IN (SELECT session_id FROM sessions FINAL WHERE owner = {user:String})",
    "NOT_NOW": "(session_id, speaker) NOT IN (SELECT session_id, speaker FROM claims FINAL WHERE user_id = {user:String} AND kind != '')",
    "BEFORE": "<= fromUnixTimestamp64Milli({until_ms:Int64})",
}


def _whole(question: str) -> str:
    """With what stands above in place of its name."""
    for name, part in PARTS.items():
        question = question.replace(name, part)
    return question


VOICES, GROUPS = _whole("VOICES"), _whole("GROUPS")
LEFT = _whole("""
SELECT (SELECT count() FROM (VOICES))
     + (SELECT count() FROM groups FINAL WHERE has(members, {user:String}) AND group_id IN (GROUPS))
     + (SELECT sum(count) + sum(spoken) + sum(talk_ms) FROM user_words FINAL WHERE user_id = {user:String} AND NOT_NOW AND OF_OTHERS)
     + (SELECT countIf(time_zone != '') FROM user_voices FINAL WHERE user_id = {user:String} AND NOT_NOW AND OF_OTHERS) AS n
""")
"""What goes when the folds have decided: voices and memberships, then counts and moments of voices that are no longer theirs.

Nothing that came after the request is waited for: who comes back, again and again, must not keep others from being forgotten.
"""
THEIRS = {
    "user_words": "user_id = {user:String} AND NOT_NOW",
    "user_days": "user_id = {user:String} AND NOT_NOW",
    "user_voices": "user_id = {user:String} AND NOT_NOW",
    "group_members": "user_id = {user:String} AND joined_at BEFORE",
    "users": "user_id = {user:String}",
    "shares": "user_id = {user:String} AND made_at BEFORE",
    "requests": "requested_by = {user:String} AND decided_at BEFORE",
}
NAMED = {
    "claims": """
        user_id = if(user_id = {user:String}, '', user_id), claimed_by = if(claimed_by = {user:String}, '', claimed_by)
        WHERE (user_id = {user:String} OR claimed_by = {user:String}) AND claimed_at BEFORE""",
    # What the fold said when they let go has replaced these rows; former versions still have them.
    "user_voices": """
        company = arrayFilter(one -> one != {user:String}, company) WHERE has(company, {user:String})
        AND session_id NOT IN (SELECT session_id FROM claims FINAL WHERE user_id = {user:String} AND kind IN ('self', 'user'))""",
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


def requests(warehouse: Statements, event: UserErased) -> list[tuple[Topic, Event]]:
    """What the folds must be asked to let go of. The same requests at every look, so that a repeat is answered like the first."""
    asked = _asked(event)
    voices = [_release(event, row) for row in warehouse.query(VOICES, asked)]
    return [*voices, *(_leave(event, row["group_id"]) for row in warehouse.query(GROUPS, asked))]


def is_left(warehouse: Statements, event: UserErased) -> bool:
    """Whether the folds have yet to decide something."""
    return bool(warehouse.query(LEFT, _asked(event))[0]["n"])


def _asked(event: UserErased) -> dict[str, object]:
    return {"user": event.user_id, "until_ms": event.occurred_at_ms}


def _release(event: UserErased, row: Row) -> tuple[Topic, Event]:
    request = derived_id("Forgotten", event.event_id, row["session_id"], row["speaker"])
    return topics.CLAIMS_REQUESTED, ReleaseRequested(
        occurred_at_ms=event.occurred_at_ms,
        session_id=SessionId(row["session_id"]),
        request_id=request,
        speaker=row["speaker"],
        by=event.user_id,
    )


def _leave(event: UserErased, group_id: str) -> tuple[Topic, Event]:
    request = derived_id("Forgotten", event.event_id, group_id)
    return topics.GROUPS_REQUESTED, GroupChangeRequested(
        occurred_at_ms=event.occurred_at_ms,
        group_id=group_id,
        request_id=request,
        by=event.user_id,
        action=GroupAction.FORGET,
    )


def erase(warehouse: Statements, event: UserErased) -> None:
    """Their rows, and their name in rows that stay, former versions too. Blocking; repeatable."""
    asked = {**_asked(event), "nobody": f"erased-{uuid4()}"}
    for table, where in THEIRS.items():
        warehouse.command(f"ALTER TABLE {table} DELETE WHERE {_whole(where)}{GONE}", asked)
    for table, change in NAMED.items():
        warehouse.command(f"ALTER TABLE {table} UPDATE {_whole(change)}{GONE}", asked)
