"""Requests in any order leave a group its owner, and a repeat changes nothing."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.event import Event
from schemas.ids import UserId
from schemas.people_events import (
    GroupAction,
    GroupChangeDecided,
    GroupChangeRequested,
    GroupListing,
)
from streams.answers import LATE_MS
from streams.groups.changes import MOST_MEMBERS
from streams.groups.fold import fold
from tests.folding import run

PEOPLE = ("ann", "beng", "chandra")
UNTIL_MS = 2 * LATE_MS
"""The end of an invite."""


def ask(
    n: int,
    by: str,
    action: GroupAction,
    *,
    user: str | None = None,
    invite: str | None = "code",
    at_ms: int = 0,
) -> GroupChangeRequested:
    return GroupChangeRequested(
        occurred_at_ms=at_ms,
        group_id="g",
        request_id=f"r{n}",
        by=UserId(by),
        action=action,
        name=f"name {n}",
        user_id=UserId(user) if user else None,
        invite=invite,
        invite_until_ms=UNTIL_MS,
    )


CREATED = ask(0, "ann", GroupAction.CREATE)


def last(out: Sequence[Event]) -> GroupListing:
    return [event for event in out if isinstance(event, GroupListing)][-1]


def members(out: Sequence[Event]) -> list[str]:
    return [member.user_id for member in last(out).members]


def reasons(out: Sequence[Event]) -> list[str | None]:
    return [event.reason for event in out if isinstance(event, GroupChangeDecided)]


ASKED = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.sampled_from(GroupAction),
        st.sampled_from(PEOPLE),
        st.sampled_from(["code", "other"]),
    ),
    max_size=12,
)


@given(ASKED, st.data())
def test_a_group_always_has_its_owner_and_repeats_change_nothing(
    asked: list[tuple[str, GroupAction, str, str]], data: st.DataObject
) -> None:
    events = [
        CREATED,
        *(
            ask(n, by, action, user=user, invite=invite)
            for n, (by, action, user, invite) in enumerate(asked, start=1)
        ),
    ]
    once = run(fold, events)
    for row in (event for event in once if isinstance(event, GroupListing)):
        users = [member.user_id for member in row.members]
        assert len(set(users)) == len(users)
        assert not set(users) & set(row.former)
        assert not users or row.owner in users
    again = run(fold, [*events, *data.draw(st.lists(st.sampled_from(events), max_size=4))])
    assert last(again) == last(once)
    revisions = [event.revision for event in once if isinstance(event, GroupListing)]
    assert all(a < b for a, b in pairwise(revisions))


def test_an_invite_is_good_until_its_time_and_until_the_next() -> None:
    late = ask(1, "beng", GroupAction.JOIN, at_ms=UNTIL_MS)
    renewed = ask(2, "ann", GroupAction.INVITE, invite="new")
    out = run(
        fold,
        [
            CREATED,
            late,
            ask(3, "beng", GroupAction.JOIN),
            renewed,
            ask(4, "chandra", GroupAction.JOIN),
        ],
    )
    assert reasons(out) == [None, "no_such_invite", None, None, "no_such_invite"]
    assert members(out) == ["ann", "beng"]


def test_who_was_removed_cannot_come_back_with_the_old_invite() -> None:
    out = run(
        fold,
        [
            CREATED,
            ask(1, "beng", GroupAction.JOIN),
            ask(2, "ann", GroupAction.REMOVE, user="beng"),
            ask(3, "beng", GroupAction.JOIN),
        ],
    )
    assert reasons(out)[-1] == "no_such_invite"
    assert (members(out), last(out).former) == (["ann"], ("beng",))


def test_a_request_about_a_group_that_nobody_made_leaves_nothing() -> None:
    """Before, each id that somebody made up left a row in the table and its changelog for ever."""
    table: dict[str, bytes] = {}
    others = [action for action in GroupAction if action is not GroupAction.CREATE]
    asked = [ask(n, "beng", action, user="ann") for n, action in enumerate(others)]
    out = run(fold, [*asked, *asked], table)
    assert len(reasons(out)) == 2 * len(others)
    assert None not in reasons(out)
    assert table == {}


def test_strangers_are_told_that_there_is_no_such_group() -> None:
    asked = [
        ask(n, "chandra", action, user="ann")
        for n, action in enumerate(GroupAction, start=1)
        if action not in {"create", "join", "erase_member"}
    ]
    assert set(reasons(run(fold, [CREATED, *asked]))[1:]) == {"no_such_group"}


def test_an_owner_hands_over_before_leaving() -> None:
    joined = [CREATED, ask(1, "beng", GroupAction.JOIN), ask(2, "ann", GroupAction.LEAVE)]
    out = run(
        fold,
        [
            *joined,
            ask(3, "ann", GroupAction.HAND_OVER, user="beng"),
            ask(4, "ann", GroupAction.LEAVE),
        ],
    )
    assert reasons(out) == [None, None, "hand_over_first", None, None]
    assert (last(out).owner, members(out)) == ("beng", ["beng"])


def test_a_group_that_forgets_its_owner_belongs_to_who_was_there_longest() -> None:
    joined = [
        CREATED,
        ask(1, "beng", GroupAction.JOIN),
        ask(2, "chandra", GroupAction.JOIN),
        ask(3, "beng", GroupAction.LEAVE),
    ]
    out = run(
        fold,
        [
            *joined,
            ask(4, "ann", GroupAction.ERASE_MEMBER),
            ask(5, "beng", GroupAction.ERASE_MEMBER),
        ],
    )
    assert (last(out).owner, members(out), last(out).former) == ("chandra", ["chandra"], ())
    out = run(
        fold, [CREATED, ask(1, "ann", GroupAction.ERASE_MEMBER), ask(2, "beng", GroupAction.JOIN)]
    )
    assert (last(out).owner, members(out), reasons(out)[-1]) == ("", [], "no_such_invite")


def test_the_answer_that_forgets_somebody_does_not_name_them() -> None:
    out = run(
        fold, [CREATED, ask(1, "beng", GroupAction.JOIN), ask(2, "beng", GroupAction.ERASE_MEMBER)]
    )
    answers = [event.by for event in out if isinstance(event, GroupChangeDecided)]
    assert answers == ["ann", "beng", ""]


@pytest.mark.parametrize(
    ("by", "action"), [("beng", GroupAction.LEAVE), ("ann", GroupAction.REMOVE)]
)
def test_a_request_that_comes_late_ends_no_newer_membership(by: str, action: GroupAction) -> None:
    """It was a dead letter, say, and is replayed."""
    back = [
        CREATED,
        ask(1, "beng", GroupAction.JOIN, at_ms=1),
        ask(2, "beng", GroupAction.LEAVE, at_ms=20),
        ask(3, "beng", GroupAction.JOIN, at_ms=10 + LATE_MS),
    ]
    out = run(fold, [*back, ask(4, by, action, user="beng", at_ms=10)])
    assert reasons(out)[-1] == "joined_since"
    assert members(out) == ["ann", "beng"]


@pytest.mark.parametrize(
    ("by", "action"), [("beng", GroupAction.LEAVE), ("ann", GroupAction.REMOVE)]
)
def test_a_request_of_a_gateway_whose_clock_is_behind_ends_a_membership(
    by: str, action: GroupAction
) -> None:
    """Before, it was refused: by the clocks of two gateways they joined after it."""
    joined = [CREATED, ask(1, "beng", GroupAction.JOIN, at_ms=9 + LATE_MS)]
    out = run(fold, [*joined, ask(2, by, action, user="beng", at_ms=10)])
    assert members(out) == ["ann"]


def test_a_group_is_full_at_some_size() -> None:
    joining = [ask(n, f"user {n}", GroupAction.JOIN) for n in range(1, MOST_MEMBERS + 2)]
    assert reasons(run(fold, [CREATED, *joining]))[-2:] == ["group_full", "group_full"]
