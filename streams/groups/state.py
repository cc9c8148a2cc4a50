"""The state of a group in the groups fold."""

import msgspec

from schemas.ids import UserId
from schemas.people_events import GroupChangeDecided, Member
from streams.answers import Answers


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """One group. Revision 0 says that nobody made it yet.

    `members` are in order of joining, the owner among them. `former` are users who left.
    """

    name: str = ""
    owner: UserId = UserId("")
    members: tuple[Member, ...] = ()
    former: tuple[UserId, ...] = ()
    invite: str | None = None
    invite_until_ms: int | None = None
    revision: int = 0
    answers: Answers[GroupChangeDecided] = Answers()

    def has(self, user: UserId | None) -> bool:
        """Returns whether `user` is a member now."""
        return any(member.user_id == user for member in self.members)
