"""The state of a group in the groups fold."""

import msgspec

from schemas.ids import NOBODY, UserId
from schemas.people_events import GroupChangeDecided, Member
from streams.answers import Revised

MOST_FORMER = 200
"""Former members that are remembered: the sink, which takes them off the group, may miss rows of a
compacted topic while it is behind."""


class Group(Revised, frozen=True, kw_only=True):
    """One group. Revision 0 says that nobody made it yet.

    `members` are in order of joining, the owner among them. `former` are users who left, and
    `former_since_ms` says when they had joined. It lacks those who left before rows had it.
    `left_ms`: when people last left, were removed or forgotten, by their digest in this group.
    `chosen_ms`: when its owner last chose its name, its invite or another owner, by action.
    """

    name: str = ""
    owner: UserId = NOBODY
    members: tuple[Member, ...] = ()
    former: tuple[UserId, ...] = ()
    former_since_ms: dict[UserId, int] = msgspec.field(default_factory=dict)
    left_ms: dict[str, int] = msgspec.field(default_factory=dict)
    invite: str | None = None
    invite_until_ms: int | None = None
    chosen_ms: dict[str, int] = msgspec.field(default_factory=dict)

    def has(self, user: UserId | None) -> bool:
        """Returns whether `user` is a member now."""
        return any(member.user_id == user for member in self.members)


class GroupState(msgspec.Struct, frozen=True, kw_only=True):
    """A group, and the answer to the request that was handled last. The answer is not kept."""

    group_id: str
    group: Group
    answer: GroupChangeDecided | None = None
