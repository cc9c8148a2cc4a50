"""A choice for a group that comes late undoes no newer one. As from a dead letter."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.event import Event
from schemas.people_events import GroupAction, GroupChangeRequested, GroupListing
from streams.answers import LATE_MS, Answers
from streams.groups.fold import fold
from streams.groups.state import Group
from tests.folding import run
from tests.unit.test_groups_fold import CREATED, ask, last, members, reasons

NEWER_MS = 5 * LATE_MS
LONG_CREATED = replace(CREATED, invite_until_ms=100 * LATE_MS, event_id="")
"""A group whose invite outlives what happens here."""
JOINED = [ask(n, user, GroupAction.JOIN) for n, user in enumerate(("beng", "chandra"), 1)]
RENAME = ask(3, "ann", GroupAction.RENAME, at_ms=NEWER_MS)
INVITE = ask(3, "ann", GroupAction.INVITE, invite="newer", at_ms=NEWER_MS)
REMOVE = ask(3, "ann", GroupAction.REMOVE, user="chandra", at_ms=NEWER_MS)
THERE = ask(3, "ann", GroupAction.HAND_OVER, user="beng", at_ms=NEWER_MS)
BACK = ask(4, "beng", GroupAction.HAND_OVER, user="ann", at_ms=NEWER_MS)
CASES: dict[str, tuple[list[Event], GroupAction]] = {
    "name": ([RENAME], GroupAction.RENAME),
    "invite": ([INVITE], GroupAction.INVITE),
    "invite of before somebody was removed": ([REMOVE], GroupAction.INVITE),
    "owner": ([THERE, BACK], GroupAction.HAND_OVER),
}
"""The newest choices, and the action that comes late."""


def row(events: list[Event]) -> GroupListing:
    return last(run(fold, [CREATED, *JOINED, *events]))


def late(action: GroupAction, at_ms: int) -> GroupChangeRequested:
    return ask(9, "ann", action, user="beng", invite="older", at_ms=at_ms)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_choice_that_comes_late_undoes_no_newer_one(
    case: tuple[list[Event], GroupAction],
) -> None:
    """Before, the group had its former name again, or the code of before somebody was removed."""
    chosen, action = case
    events = [*chosen, late(action, NEWER_MS - LATE_MS)]
    assert row(events) == row(chosen)
    assert reasons(run(fold, [CREATED, *JOINED, *events]))[-1] == "chosen_since"


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_one_of_the_same_moment_is_taken(case: tuple[list[Event], GroupAction]) -> None:
    """Two gateways have clocks of their own."""
    chosen, action = case
    now = [CREATED, *JOINED, *chosen, late(action, NEWER_MS - LATE_MS + 1)]
    assert reasons(run(fold, now))[-1] is None


LEFT = {
    GroupAction.LEAVE: ask(3, "beng", GroupAction.LEAVE, at_ms=NEWER_MS),
    GroupAction.ERASE_MEMBER: ask(3, "beng", GroupAction.ERASE_MEMBER, at_ms=NEWER_MS),
}
"""Beng goes, in two ways. Somebody who is removed needs a new invite anyway."""


def join(at_ms: int, by: str = "beng") -> GroupChangeRequested:
    return ask(9, by, GroupAction.JOIN, at_ms=at_ms)


@pytest.mark.parametrize("left", LEFT.values(), ids=LEFT)
@pytest.mark.parametrize(
    ("at_ms", "reason"), [(NEWER_MS - LATE_MS, "left_since"), (NEWER_MS - LATE_MS + 1, None)]
)
def test_a_join_that_comes_late_brings_nobody_back(
    left: GroupChangeRequested, at_ms: int, reason: str | None
) -> None:
    """Before, who had left was a member again, and so was who had been forgotten."""
    out = run(fold, [LONG_CREATED, *JOINED, left, join(at_ms)])
    assert reasons(out)[-1] == reason
    assert ("beng" in members(out)) == (reason is None)


def test_who_was_forgotten_is_not_named_by_what_keeps_late_joins_out() -> None:
    table: dict[str, bytes] = {}
    forgotten = LEFT[GroupAction.ERASE_MEMBER]
    run(fold, [LONG_CREATED, replace(join(1), request_id="r1", event_id=""), forgotten], table)
    held = msgspec.json.decode(table["g"], type=Group)
    assert b"beng" not in msgspec.json.encode(replace(held, answers=Answers()))
    assert list(held.left_ms.values()) == [NEWER_MS]


def test_a_group_that_is_handed_over_late_goes_to_no_newer_member() -> None:
    """Before, who had left meanwhile and come back by an invite owned the group."""
    events = [LONG_CREATED, *JOINED, LEFT[GroupAction.LEAVE], join(NEWER_MS + 1)]
    handed_over = replace(late(GroupAction.HAND_OVER, 5), request_id="r10", event_id="")
    out = run(fold, [*events, handed_over])
    assert (reasons(out)[-1], last(out).owner) == ("joined_since", "ann")


MOMENTS = st.integers(0, 6).map(lambda n: n * LATE_MS)
WALKS = st.lists(
    st.tuples(
        st.sampled_from(["beng", "chandra"]),
        st.sampled_from([GroupAction.JOIN, GroupAction.LEAVE, GroupAction.ERASE_MEMBER]),
        MOMENTS,
    ),
    max_size=10,
)


@given(WALKS)
def test_a_member_wanted_to_be_one_last(walk: list[tuple[str, GroupAction, int]]) -> None:
    """In whatever order joins and leavings come. Of two at one moment either may decide."""
    asked = [ask(n, by, action, at_ms=at_ms) for n, (by, action, at_ms) in enumerate(walk, start=1)]
    out = run(fold, [LONG_CREATED, *asked])
    present = members(out)
    decided = zip(asked, reasons(out)[1:], strict=True)
    heard = [one for one, reason in decided if reason != "no_such_group"]  # no member left
    for user in ("beng", "chandra"):
        own = [one for one in heard if one.by == user]
        joins_ms = [one.occurred_at_ms for one in own if one.action is GroupAction.JOIN]
        ends_ms = [one.occurred_at_ms for one in own if one.action is not GroupAction.JOIN]
        newest_ms = max(ends_ms, default=-1)
        if max(joins_ms, default=-2) < newest_ms:
            assert user not in present
        if len(joins_ms) == 1 and joins_ms[0] > newest_ms:  # a member who joins stays as they are
            assert user in present
