"""Erasure of a person from the warehouse. `schemas/erasure.py` says what goes.

First the folds are asked to release what is the person's. When they have decided everything, rows
and ids are removed.
"""

from functools import cache
from uuid import uuid4

from adapters.erasure.erasable_rows import Mutation
from adapters.warehouse import Statements, TypedRow
from schemas import topics
from schemas.claim_events import ForgetRequested, ReleaseRequested
from schemas.erasure import (
    TABLES,
    BlankColumns,
    DeleteRows,
    LeaveList,
    OnPerson,
    Recomputed,
    StandIn,
    Stays,
    Unless,
)
from schemas.event import Event
from schemas.ids import SessionId, SpeakerLabel, UserId, derived_id
from schemas.people_events import GroupAction, GroupChangeRequested, UserErased
from schemas.topics import Topic

UNTIL = "fromUnixTimestamp64Milli({until_ms:Int64})"
"""The time of the request."""
VOICES = f"""
SELECT session_id, speaker FROM claims FINAL
WHERE user_id = {{user:String}} AND kind != ''
    AND claimed_at <= {UNTIL}
    AND session_id NOT IN (SELECT session_id FROM sessions FINAL WHERE owner = {{user:String}})
ORDER BY ALL
"""  # noqa: S608
"""Voices in sessions of others. The person's own sessions are erased by events of their own."""
HISTORIES = f"""
SELECT DISTINCT session_id FROM claim_changes FINAL
WHERE (user_id = {{user:String}} OR changed_by = {{user:String}}) AND changed_at <= {UNTIL}
    AND session_id NOT IN (SELECT session_id FROM sessions FINAL WHERE owner = {{user:String}})
ORDER BY ALL
"""  # noqa: S608
"""Sessions of others in which a change of a claim names the person."""
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
CREDITED = "SELECT 1 AS one FROM user_days WHERE user_id = {user:String} LIMIT 1"
UNLESS = {
    Unless.CLAIMED: """(session_id, speaker) NOT IN (
        SELECT session_id, speaker FROM claims FINAL
        WHERE user_id = {user:String} AND kind != '')""",
    Unless.PRESENT: """session_id NOT IN (
        SELECT session_id FROM claims FINAL
        WHERE user_id = {user:String} AND kind IN ('self', 'user'))""",
    Unless.MEMBER: f"""group_id NOT IN (
        SELECT group_id FROM group_members FINAL
        WHERE user_id = {{user:String}} AND role != ''
            AND joined_at > {UNTIL})""",  # noqa: S608
}


class Voice(TypedRow, frozen=True, kw_only=True):
    """A speaker of a session that is the person."""

    session_id: SessionId
    speaker: SpeakerLabel


class Named(TypedRow, frozen=True, kw_only=True):
    """A session with a change of a claim that names the person."""

    session_id: SessionId


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
    values = _values(event)
    voices = warehouse.query(VOICES, values, row=Voice)
    groups = warehouse.query(GROUPS, values, row=Membership)
    named = warehouse.query(HISTORIES, values, row=Named)
    releases = [_release(event, voice) for voice in voices]
    releases += [_forget(event, one.session_id) for one in named]
    return [*releases, *(_leave(event, group.group_id) for group in groups)]


def is_left(warehouse: Statements, event: UserErased) -> bool:
    """Whether the folds have yet to decide something. Blocking."""
    (left,) = warehouse.query(LEFT, _values(event), row=Left)
    return left.n > 0


def erase(warehouse: Statements, event: UserErased) -> None:
    """Delete the person's rows, and their id in rows that stay. Blocking; repeatable.

    Former versions of a row are changed as well.
    """
    values = {**_values(event), "nobody": f"erased-{uuid4()}"}
    for change in changes():
        change.run(warehouse, values)


def erase_again(warehouse: Statements, user: UserId, until_ms: int) -> None:
    """Remove what came back of a person who left at `until_ms` (Unix). Blocking; repeatable.

    Snapshots and published figures are left alone when the person has counts since then: they are
    in them anew.
    """
    values = {"user": user, "until_ms": until_ms, "nobody": f"erased-{uuid4()}"}

    @cache
    def is_credited() -> bool:
        # Asked at the first snapshot: counts that came back by mistake are deleted before it.
        return bool(warehouse.query(CREDITED, values))

    for change in changes():
        if _is_snapshot(change.table) and is_credited():
            continue
        change.run_if_any(warehouse, values)


def _is_snapshot(table: str) -> bool:
    return isinstance(TABLES[table].session, Recomputed)


@cache
def changes() -> tuple[Mutation, ...]:
    """One for each rule of `schemas/erasure.py`: deletions first, then new values."""
    found = [
        Mutation(table, *_action(rule))
        for table, rules in TABLES.items()
        for rule in rules.person
        if not isinstance(rule, Stays)
    ]
    return tuple(sorted(found, key=lambda change: change.action != "DELETE"))


def _action(rule: OnPerson) -> tuple[str, str]:
    """The action, and the condition of the rows."""
    match rule:
        case DeleteRows(user, before, unless):
            return "DELETE", _where(f"{user} = {{user:String}}", before, unless)
        case BlankColumns(columns, before):
            blanks = ", ".join(_blank(column) for column in columns)
            holds = " OR ".join(f"{column} = {{user:String}}" for column in columns)
            return f"UPDATE {blanks}", _where(f"({holds})", before, None)
        case LeaveList(column, owner, unless):
            return f"UPDATE {_leaving(column, owner)}", _on_list(column, owner, unless)
        case StandIn(column):
            other = f"arrayMap(one -> if(one = {{user:String}}, {{nobody:String}}, one), {column})"
            return f"UPDATE {column} = {other}", f"has({column}, {{user:String}})"
        case Stays():
            raise ValueError("nothing is to be done")


def _where(holds: str, before: str | None, unless: Unless | None) -> str:
    conditions = [holds]
    if before is not None:
        conditions.append(f"{before} <= {UNTIL}")
    if unless is not None:
        conditions.append(UNLESS[unless])
    return " AND ".join(conditions)


def _blank(column: str) -> str:
    return f"{column} = if({column} = {{user:String}}, '', {column})"


def _leaving(column: str, owner: str | None) -> str:
    without = f"{column} = arrayFilter(one -> one != {{user:String}}, {column})"
    if owner is None:
        return without
    return f"{without}, {_blank(owner)}"


def _on_list(column: str, owner: str | None, unless: Unless | None) -> str:
    holds = f"has({column}, {{user:String}})"
    if owner is not None:
        holds = f"({holds} OR {owner} = {{user:String}})"
    return _where(holds, None, unless)


def _values(event: UserErased) -> dict[str, object]:
    return {"user": event.user_id, "until_ms": event.occurred_at_ms}


def _release(event: UserErased, voice: Voice) -> tuple[Topic, Event]:
    request = derived_id("Forgotten", event.event_id, voice.session_id, voice.speaker)
    return topics.CLAIMS_REQUESTED, ReleaseRequested(
        occurred_at_ms=event.occurred_at_ms,
        session_id=voice.session_id,
        request_id=request,
        speaker=voice.speaker,
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
