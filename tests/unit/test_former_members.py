"""Former members of a group: a membership of before an erasure is not one of after it."""

from consumers.sink.people_rows import rows_of
from schemas.days import moment
from schemas.people_events import GroupAction
from streams.groups.fold import fold
from tests.folding import run
from tests.unit.test_groups_fold import CREATED, ask, last, members


def test_who_came_back_since_they_asked_to_be_forgotten_stays() -> None:
    """The request comes late: the warehouse told of the former membership meanwhile."""
    back = [
        CREATED,
        ask(1, "beng", GroupAction.JOIN, at_ms=1),
        ask(2, "beng", GroupAction.LEAVE, at_ms=20),
        ask(3, "beng", GroupAction.JOIN, at_ms=30),
    ]
    asked_ms = 10
    late = ask(4, "beng", GroupAction.ERASE_MEMBER, at_ms=asked_ms)
    assert members(run(fold, [*back, late])) == ["ann", "beng"]
    assert members(run(fold, [*back[:2], late])) == ["ann"]
    left_again = ask(5, "beng", GroupAction.LEAVE, at_ms=40)
    assert last(run(fold, [*back, left_again, late])).former == ("beng",)
    assert last(run(fold, [*back[:2], left_again, late])).former == ()


def test_a_former_member_is_told_with_the_moment_at_which_they_joined() -> None:
    """Before, nothing told a membership of before an erasure from one of after it."""
    out = run(
        fold,
        [
            CREATED,
            ask(1, "beng", GroupAction.JOIN, at_ms=1),
            ask(2, "chandra", GroupAction.JOIN, at_ms=2),
            ask(3, "beng", GroupAction.LEAVE, at_ms=20),
            ask(4, "ann", GroupAction.REMOVE, user="chandra", at_ms=30),
        ],
    )
    assert last(out).former_since_ms == {"beng": 1, "chandra": 2}
    rows = [row for table, row in rows_of(last(out)) if table == "group_members"]
    assert {row["user_id"]: row["joined_at"] for row in rows if not row["role"]} == {
        "beng": moment(1),
        "chandra": moment(2),
    }


def test_who_joins_again_before_the_group_forgets_them_stays() -> None:
    """Before, they were told that they had joined, and were no member a moment later."""
    asked_ms = 10
    events = [
        CREATED,
        ask(1, "beng", GroupAction.JOIN, at_ms=1),
        ask(2, "chandra", GroupAction.JOIN, at_ms=2),
        ask(3, "beng", GroupAction.JOIN, at_ms=asked_ms + 1),
        ask(4, "beng", GroupAction.ERASE_MEMBER, at_ms=asked_ms),
    ]
    row = last(run(fold, events))
    assert [(one.user_id, one.joined_at_ms) for one in row.members] == [
        ("ann", 0),
        ("beng", asked_ms + 1),
        ("chandra", 2),
    ]
