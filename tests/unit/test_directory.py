"""The gateway's directory: members and invites are those of now; an answer waits for its row."""

import threading
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from producers.gateway.directory import Directory
from schemas.ids import UserId
from schemas.people_events import GroupChangeDecided, GroupListing, Member

PEOPLE = (UserId("ann"), UserId("beng"), UserId("chandra"))
GROUPS = ("g1", "g2")


def row(
    group: str, members: Sequence[str], revision: int = 1, invite: str | None = None
) -> GroupListing:
    return GroupListing(
        occurred_at_ms=0,
        group_id=group,
        revision=revision,
        name="",
        owner=UserId("ann"),
        former=(),
        members=tuple(Member(user_id=UserId(user), joined_at_ms=0) for user in members),
        invite=invite,
        invite_until_ms=1,
    )


ROWS = st.lists(
    st.tuples(st.sampled_from(GROUPS), st.lists(st.sampled_from(PEOPLE), unique=True)), max_size=8
)


@given(ROWS)
def test_membership_is_that_of_the_newest_rows(rows: list[tuple[str, list[str]]]) -> None:
    directory = Directory()
    newest = dict[str, list[str]]()
    for revision, (group, members) in enumerate(rows):
        directory.take(row(group, members, revision))
        newest[group] = members
    for user in PEOPLE:
        assert [directory.is_in(user, group) for group in GROUPS] == [
            user in newest.get(group, []) for group in GROUPS
        ]
        for other in PEOPLE:
            assert directory.share_a_group(user, other) == any(
                {user, other} <= set(members) for members in newest.values()
            )
    assert not directory.is_in(PEOPLE[0], None)


def test_an_invite_leads_to_its_group_until_the_next() -> None:
    directory = Directory()
    directory.take(row("g1", ["ann"], 1, "first"))
    directory.take(row("g1", ["ann"], 2, "second"))
    assert (directory.invited_to("first"), directory.invited_to("second")) == (None, "g1")


def test_an_answer_waits_for_its_row() -> None:
    directory = Directory()
    decided = GroupChangeDecided(
        occurred_at_ms=0,
        group_id="g1",
        request_id="r",
        by=UserId("ann"),
        accepted=True,
        reason=None,
        revision=2,
    )
    directory.take(decided)
    assert directory.await_decision("r", 0.01) is None
    threading.Timer(0.05, lambda: directory.take(row("g1", ["ann"], 2))).start()
    assert directory.await_decision("r", 10) == decided
