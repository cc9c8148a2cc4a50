"""The story of a large group: its work grows with what its people said, and not with more."""

from datetime import UTC, datetime

from api.groups.awards import awards
from api.groups.board import board
from api.groups.rows import MemberRow, MemberWordRow
from schemas.ids import UserId

PEOPLE = [UserId(f"user-{n}") for n in range(60)]


class LookedAt(str):
    """A word that counts how often words are looked up."""

    __slots__ = ()
    looks = 0

    def __hash__(self) -> int:
        LookedAt.looks += 1
        return super().__hash__()


WORDS = [LookedAt(f"word-{n}") for n in range(20)]


def test_awards_take_no_look_at_everybody_for_everybody() -> None:
    joined = datetime(2026, 11, 1, tzinfo=UTC)
    members = [
        MemberRow(user_id=user, display_name="", role="member", joined_at=joined) for user in PEOPLE
    ]
    rows = [MemberWordRow(user, word, 1) for user in PEOPLE for word in WORDS]
    rows.append(MemberWordRow(PEOPLE[0], LookedAt("alone"), 5))
    LookedAt.looks = 0
    given = {one.award: one for one in awards(rows, board(members, []), {})}
    assert (given["alone"].user_id, given["alone"].word) == (PEOPLE[0], "alone")
    assert LookedAt.looks < 30 * len(rows)
