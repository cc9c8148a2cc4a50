"""Requests to the folds: they release what is a person's before its rows are erased."""

from collections.abc import Sequence

from adapters.warehouse import Number, Statements, TypedRow
from schemas import topics
from schemas.claim_events import ForgetRequested
from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.ids import SessionId, UserId, derived_id
from schemas.limits import RECORDED
from schemas.people_events import GroupAction, GroupChangeRequested, UserErased
from schemas.session_requests import EraseRequested

Request = tuple[Topic, Event]
UNTIL = "fromUnixTimestamp64Milli({until_ms:Int64})"
"""The time of the request."""
THEIRS = "IN {users:Array(String)}"
GONE = """gone AS (
    SELECT one.1 AS person, fromUnixTimestamp64Milli(one.2) AS until
    FROM (SELECT arrayJoin(arrayZip({users:Array(String)}, {untils:Array(Int64)})) AS one))"""
"""The people of a question, and the times of their requests."""
NAMED = f"""
WITH {GONE}
SELECT DISTINCT person, session_id
FROM (
    SELECT session_id, claimed_at AS at, arrayJoin([user_id, claimed_by]) AS whom
    FROM claims FINAL WHERE user_id {THEIRS} OR claimed_by {THEIRS}
    UNION ALL
    SELECT session_id, changed_at AS at, arrayJoin([user_id, changed_by]) AS whom
    FROM claim_changes FINAL WHERE user_id {THEIRS} OR changed_by {THEIRS}
) AS found
INNER JOIN gone ON whom = person
WHERE at <= until
    AND (person, session_id) NOT IN (
        SELECT owner, session_id FROM sessions FINAL WHERE owner {THEIRS})
ORDER BY ALL
"""  # noqa: S608
"""Sessions of others in which a claim, or a change of one, names the person.

The person's own sessions are erased by events of their own.
"""
OWN = f"""
WITH {GONE}
SELECT person, session_id
FROM (
    SELECT owner, session_id, recorded_at FROM sessions FINAL
    WHERE owner {THEIRS} AND state != 'erased'
) AS own
INNER JOIN gone ON owner = person
WHERE recorded_at <= until + INTERVAL {RECORDED.most + 1} DAY
ORDER BY ALL
"""  # noqa: S608
"""The person's own sessions that are left: the gateway that they asked did not know them yet.

No phone's clock is believed that is further ahead. The fold keeps those that began since.
"""
GROUPS = f"""
WITH {GONE}
SELECT person, group_id
FROM (SELECT user_id, group_id, joined_at FROM group_members FINAL WHERE user_id {THEIRS}) AS found
INNER JOIN gone ON user_id = person
WHERE joined_at <= until
ORDER BY ALL
"""  # noqa: S608
LEFT = f"""
WITH
    own AS (SELECT session_id FROM sessions FINAL WHERE owner = {{user:String}}),
    claimed AS (
        SELECT session_id, speaker, claimed_at FROM claims FINAL
        WHERE user_id = {{user:String}} AND kind != ''),
    joined AS (
        SELECT group_id FROM group_members FINAL
        WHERE user_id = {{user:String}} AND joined_at <= {UNTIL})
SELECT
    (SELECT count() FROM claimed
     WHERE claimed_at <= {UNTIL}
        AND session_id NOT IN (SELECT session_id FROM own))
    + (SELECT count() FROM groups FINAL
       WHERE has(members, {{user:String}}) AND group_id IN (SELECT group_id FROM joined))
    + (SELECT sum(count) + sum(spoken) + sum(talk_ms) FROM user_days FINAL
       WHERE user_id = {{user:String}}
        AND (session_id, speaker) NOT IN (SELECT session_id, speaker FROM claimed)
        AND session_id NOT IN (SELECT session_id FROM own))
    + (SELECT countIf(time_zone != '') FROM user_voices FINAL
       WHERE user_id = {{user:String}}
        AND (session_id, speaker) NOT IN (SELECT session_id, speaker FROM claimed)
        AND session_id NOT IN (SELECT session_id FROM own)) AS n
"""  # noqa: S608
"""Number of things that the folds have yet to release: voices and memberships, then counts and
moments of voices that are no longer the person's.

Nothing newer than the request counts: somebody who comes back again and again must not keep others
from being erased.
"""


class InSession(TypedRow, frozen=True, kw_only=True):
    """A session of the person, or one that names them."""

    person: UserId
    session_id: SessionId


class Membership(TypedRow, frozen=True, kw_only=True):
    """A group that the person is in, or was."""

    person: UserId
    group_id: str


def requests(
    warehouse: Statements, events: Sequence[UserErased], away: Sequence[UserErased] = ()
) -> list[Request]:
    """Events that ask the folds to release what is these people's. Blocking.

    The same requests each time, so that a repeat gets the answer of the first. `away` are others,
    of whom nothing is left but what somebody else said of them.
    """
    of = {event.user_id: event for event in (*events, *away)}
    values = values_of_all(events)
    groups = warehouse.query(GROUPS, values, row=Membership)
    named = warehouse.query(NAMED, values_of_all([*events, *away]), row=InSession)
    own = warehouse.query(OWN, values, row=InSession)
    asked = [_erase(of[one.person], one.session_id) for one in own]
    asked += [_forget(of[one.person], one.session_id) for one in named]
    asked += [_leave(of[one.person], one.group_id) for one in groups]
    return asked


def is_left(warehouse: Statements, event: UserErased) -> bool:
    """Whether the folds have yet to decide something. Blocking."""
    (left,) = warehouse.query(LEFT, values_of(event), row=Number)
    return left.n > 0


def values_of(event: UserErased) -> dict[str, object]:
    """The parameters of all statements about one person."""
    return {"user": event.user_id, "until_ms": event.occurred_at_ms}


def values_of_all(events: Sequence[UserErased]) -> dict[str, object]:
    """The parameters of a question about people, each of them once."""
    return {
        "users": [event.user_id for event in events],
        "untils": [event.occurred_at_ms for event in events],
    }


def _erase(event: UserErased, session_id: SessionId) -> Request:
    request = derived_id("EraseRequested", event.request_id, session_id)  # as the gateway asks
    return topics.INBOUND, EraseRequested(
        occurred_at_ms=event.occurred_at_ms,
        session_id=session_id,
        request_id=request,
        by=event.user_id,
    )


def _forget(event: UserErased, session_id: SessionId) -> Request:
    request = derived_id("Forgotten", event.event_id, session_id)
    return topics.CLAIMS_REQUESTED, ForgetRequested(
        occurred_at_ms=event.occurred_at_ms,
        session_id=session_id,
        request_id=request,
        by=event.user_id,
    )


def _leave(event: UserErased, group_id: str) -> Request:
    request = derived_id("Forgotten", event.event_id, group_id)
    return topics.GROUPS_REQUESTED, GroupChangeRequested(
        occurred_at_ms=event.occurred_at_ms,
        group_id=group_id,
        request_id=request,
        by=event.user_id,
        action=GroupAction.ERASE_MEMBER,
    )
