"""Requests to the folds: they release what is a person's before its rows are erased."""

from adapters.erasure.erasable_rows import Session
from adapters.warehouse import Statements, TypedRow
from schemas import topics
from schemas.claim_events import ForgetRequested
from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.ids import SessionId, derived_id
from schemas.limits import RECORDED
from schemas.people_events import GroupAction, GroupChangeRequested, UserErased
from schemas.session_requests import EraseRequested

UNTIL = "fromUnixTimestamp64Milli({until_ms:Int64})"
"""The time of the request."""
NAMED = f"""
SELECT DISTINCT session_id FROM (
    SELECT session_id FROM claims FINAL
    WHERE (user_id = {{user:String}} OR claimed_by = {{user:String}}) AND claimed_at <= {UNTIL}
    UNION ALL
    SELECT session_id FROM claim_changes FINAL
    WHERE (user_id = {{user:String}} OR changed_by = {{user:String}}) AND changed_at <= {UNTIL})
WHERE session_id NOT IN (SELECT session_id FROM sessions FINAL WHERE owner = {{user:String}})
ORDER BY ALL
"""  # noqa: S608
"""Sessions of others in which a claim, or a change of one, names the person.

The person's own sessions are erased by events of their own.
"""
OWN = f"""
SELECT session_id FROM sessions FINAL
WHERE owner = {{user:String}} AND state != 'erased'
    AND recorded_at <= {UNTIL} + INTERVAL {RECORDED.most + 1} DAY
ORDER BY ALL
"""  # noqa: S608
"""The person's own sessions that are left: the gateway that they asked did not know them yet.

No phone's clock is believed that is further ahead. The fold keeps those that began since.
"""
GROUPS = f"""
SELECT group_id FROM group_members FINAL
WHERE user_id = {{user:String}} AND joined_at <= {UNTIL}
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


class Membership(TypedRow, frozen=True, kw_only=True):
    """A group that the person is in, or was."""

    group_id: str


class Left(TypedRow, frozen=True, kw_only=True):
    """How much the folds have yet to release: 0 when they are done."""

    n: int


def requests(warehouse: Statements, event: UserErased) -> list[tuple[Topic, Event]]:
    """Events that ask the folds to release what is the person's. Blocking.

    The same requests each time, so that a repeat gets the answer of the first.
    """
    values = values_of(event)
    groups = warehouse.query(GROUPS, values, row=Membership)
    named = warehouse.query(NAMED, values, row=Session)
    own = warehouse.query(OWN, values, row=Session)
    asked = [_erase(event, one.session_id) for one in own]
    asked += [_forget(event, one.session_id) for one in named]
    asked += [_leave(event, group.group_id) for group in groups]
    return asked


def is_left(warehouse: Statements, event: UserErased) -> bool:
    """Whether the folds have yet to decide something. Blocking."""
    (left,) = warehouse.query(LEFT, values_of(event), row=Left)
    return left.n > 0


def values_of(event: UserErased) -> dict[str, object]:
    """The parameters of all statements of an erasure."""
    return {"user": event.user_id, "until_ms": event.occurred_at_ms}


def _erase(event: UserErased, session_id: SessionId) -> tuple[Topic, Event]:
    request = derived_id("EraseRequested", event.request_id, session_id)  # as the gateway asks
    return topics.INBOUND, EraseRequested(
        occurred_at_ms=event.occurred_at_ms,
        session_id=session_id,
        request_id=request,
        by=event.user_id,
    )


def _forget(event: UserErased, session_id: SessionId) -> tuple[Topic, Event]:
    request = derived_id("Forgotten", event.event_id, session_id)
    return topics.CLAIMS_REQUESTED, ForgetRequested(
        occurred_at_ms=event.occurred_at_ms,
        session_id=session_id,
        request_id=request,
        by=event.user_id,
    )


def _leave(event: UserErased, group_id: str) -> tuple[Topic, Event]:
    request = derived_id("Forgotten", event.event_id, group_id)
    return topics.GROUPS_REQUESTED, GroupChangeRequested(
        occurred_at_ms=event.occurred_at_ms,
        group_id=group_id,
        request_id=request,
        by=event.user_id,
        action=GroupAction.ERASE_MEMBER,
    )
