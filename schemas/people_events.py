"""Groups and users: requests, decisions, and the rows of their directories."""

from enum import StrEnum

import msgspec

from schemas.event import Event, Value
from schemas.ids import UserId
from schemas.limits import KEEP_DAYS


class GroupAction(StrEnum):
    """Changes of a group that may be requested."""

    CREATE = "create"
    JOIN = "join"
    LEAVE = "leave"
    REMOVE = "remove"
    RENAME = "rename"
    INVITE = "invite"
    HAND_OVER = "hand_over"
    ERASE_MEMBER = "erase_member"


class GroupChangeRequested(Event, identity=("group_id", "request_id")):
    """`by` asks for `action`.

    `invite` is the sha256 of an invite code: the code itself is written nowhere.
    """

    group_id: str
    request_id: str
    by: UserId
    action: GroupAction
    name: str | None = None
    user_id: UserId | None = None
    invite: str | None = None
    invite_until_ms: int | None = None


class GroupChangeDecided(Event, identity=("group_id", "request_id")):
    """The change took effect, or was rejected for `reason`. The group is at `revision` now."""

    group_id: str
    request_id: str
    by: UserId
    accepted: bool
    reason: str | None
    revision: int


class Member(Value, frozen=True, kw_only=True):
    """A member of a group, since `joined_at_ms` (Unix time)."""

    user_id: UserId
    joined_at_ms: int


class GroupListing(Event, identity=("group_id", "revision")):
    """The group's row in the directory: members, former members, and the invite with its end.

    `former_since_ms` (Unix time): when each former member had joined, where that is known. A higher
    `revision` replaces a lower one.
    """

    group_id: str
    revision: int
    name: str
    owner: UserId
    members: tuple[Member, ...]
    former: tuple[UserId, ...]
    invite: str | None
    invite_until_ms: int | None
    former_since_ms: dict[UserId, int] = msgspec.field(default_factory=dict)


class GroupLexicon(Event, identity=("group_id", "lexicon", "occurred_at_ms")):
    """Sessions of the group that begin from now on are counted by this lexicon.

    It has the common words and the group's own.
    """

    group_id: str
    lexicon: str


class UserChangeRequested(Event, identity=("user_id", "request_id")):
    """`user_id` changes their profile or their agreements. None leaves a field as it is.

    `sign_out`: every session that they began before ends, in all browsers.
    """

    user_id: UserId
    request_id: str
    display_name: str | None = None
    findable: bool | None = None
    on_board: bool | None = None
    tags_take_effect_at_once: bool | None = None
    time_zone: str | None = None
    keep_transcript_days: int | None = None
    sign_out: bool = False


class ShareRequested(Event, identity=("user_id", "request_id")):
    """`user_id` wants a share link for the days `first` to `last`, or revokes one.

    `share` is the digest of the link's secret.
    """

    user_id: UserId
    request_id: str
    share: str
    first: str
    last: str
    show_name: bool
    revoke: bool = False


class UserErasureRequested(Event, identity=("user_id", "request_id")):
    """`user_id` wants everything that is theirs to be removed.

    Signing in again afterwards makes a new, empty profile.
    """

    user_id: UserId
    request_id: str


class UserErased(Event, identity=("user_id", "request_id")):
    """The profile and the share links are gone. Voices, memberships and rows follow."""

    user_id: UserId
    request_id: str


class ShareListing(Event, identity=("user_id", "share", "revision")):
    """The row of a share link: its user, its days, and whether it is revoked.

    A higher `revision` replaces a lower one.
    """

    user_id: UserId
    share: str
    first: str
    last: str
    show_name: bool
    revoked: bool
    revision: int


class UserChangeDecided(Event, identity=("user_id", "request_id")):
    """The change took effect, or was rejected for `reason`. The profile is at `revision` now."""

    user_id: UserId
    request_id: str
    accepted: bool
    reason: str | None
    revision: int


class UserListing(Event, identity=("user_id", "revision")):
    """The user's row in the directory: the name, and what the user agreed to.

    `findable`: strangers may find them. `on_board`: everyone sees them on the board.
    `tags_take_effect_at_once`: a tag needs no answer. `time_zone` (IANA; empty when never chosen)
    and `keep_transcript_days` are for sessions that they record from now on. Sessions of browsers
    that began before `signed_out_at_ms` (Unix time) are over. A higher `revision` replaces a lower
    one.
    """

    user_id: UserId
    revision: int
    display_name: str
    findable: bool
    on_board: bool
    tags_take_effect_at_once: bool
    time_zone: str = ""
    keep_transcript_days: int = KEEP_DAYS
    signed_out_at_ms: int = 0


UserRequest = UserChangeRequested | ShareRequested | UserErasureRequested
