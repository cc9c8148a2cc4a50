"""Groups and profiles: changes asked for, decided, and listed in compacted directories."""

from enum import StrEnum

from schemas.event import Event, Value
from schemas.ids import UserId


class GroupAction(StrEnum):
    """What may be asked of a group."""

    CREATE = "create"
    JOIN = "join"
    LEAVE = "leave"
    REMOVE = "remove"
    RENAME = "rename"
    INVITE = "invite"
    HAND_OVER = "hand_over"
    ERASE_MEMBER = "erase_member"


class GroupChangeRequested(Event, identity=("group_id", "request_id")):
    """`by` asks for `action`. `invite` is the sha256 of an invite code: the code itself is never written down."""

    group_id: str
    request_id: str
    by: UserId
    action: GroupAction
    name: str | None = None
    user_id: UserId | None = None
    invite: str | None = None
    invite_until_ms: int | None = None


class GroupChangeDecided(Event, identity=("group_id", "request_id")):
    """The request took effect, or was refused for `reason`; the group is at `revision` now."""

    group_id: str
    request_id: str
    by: UserId
    accepted: bool
    reason: str | None
    revision: int


class Member(Value, frozen=True, kw_only=True):
    """Somebody in a group, and since when (Unix milliseconds)."""

    user_id: UserId
    joined_at_ms: int


class GroupListing(Event, identity=("group_id", "revision")):
    """The directory's row, whole: members, who left, and which invite is good until when. A higher `revision` replaces a lower."""

    group_id: str
    revision: int
    name: str
    owner: UserId
    members: tuple[Member, ...]
    former: tuple[UserId, ...]
    invite: str | None
    invite_until_ms: int | None


class GroupLexicon(Event, identity=("group_id", "lexicon", "occurred_at_ms")):
    """From now on sessions of this group are counted by this lexicon: the common words and the group's own."""

    group_id: str
    lexicon: str


class UserChangeRequested(Event, identity=("user_id", "request_id")):
    """`user_id` changes their profile or what they agree to; None leaves a field as it is."""

    user_id: UserId
    request_id: str
    display_name: str | None = None
    findable: bool | None = None
    on_board: bool | None = None
    tags_take_effect_at_once: bool | None = None


class ShareRequested(Event, identity=("user_id", "request_id")):
    """`user_id` wants a link to their card of these days, or revokes one. `share` is the digest of the link's secret."""

    user_id: UserId
    request_id: str
    share: str
    first: str
    last: str
    show_name: bool
    revoke: bool = False


class UserErasureRequested(Event, identity=("user_id", "request_id")):
    """`user_id` wants everything that is theirs to be gone. Who signs in again afterwards begins anew."""

    user_id: UserId
    request_id: str


class UserErased(Event, identity=("user_id", "request_id")):
    """The profile and the links are gone; voices, memberships and rows are to follow."""

    user_id: UserId
    request_id: str


class ShareListing(Event, identity=("user_id", "share", "revision")):
    """A link to a card: whose, of which days, and whether it is good. A higher `revision` replaces a lower."""

    user_id: UserId
    share: str
    first: str
    last: str
    show_name: bool
    revoked: bool
    revision: int


class UserChangeDecided(Event, identity=("user_id", "request_id")):
    """The change took effect, or was refused for `reason`; the profile is at `revision` now."""

    user_id: UserId
    request_id: str
    accepted: bool
    reason: str | None
    revision: int


class UserListing(Event, identity=("user_id", "revision")):
    """The directory's row: how a user is called and what that user agreed to. A higher `revision` replaces a lower.

    Agreed to: be found by strangers, stand on the board that everyone sees, be tagged without being asked.
    """

    user_id: UserId
    revision: int
    display_name: str
    findable: bool
    on_board: bool
    tags_take_effect_at_once: bool


UserRequest = UserChangeRequested | ShareRequested | UserErasureRequested
