"""What the fold remembers of a group."""

import msgspec

from schemas.ids import UserId
from schemas.people_events import GroupChangeDecided, Member
from streams.answers import Answers


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """One group; `revision` 0: nobody made it yet. `members` in order of joining, the owner among them."""

    name: str = ""
    owner: UserId = UserId("")
    members: tuple[Member, ...] = ()
    former: tuple[UserId, ...] = ()
    invite: str | None = None
    invite_until_ms: int | None = None
    revision: int = 0
    answers: Answers[GroupChangeDecided] = Answers()

    def has(self, user: UserId | None) -> bool:
        """Whether `user` is a member now."""
        return any(member.user_id == user for member in self.members)
