"""Groups and profiles: changes asked for, decided, and listed in compacted directories."""

from schemas.event import Event
from schemas.ids import UserId


class GroupChangeRequested(Event, frozen=True, kw_only=True):
    """`by` asks for `action` (create, join, leave, remove, rename, rotate_invite, hand_over) on a group."""

    group_id: str
    request_id: str
    by: UserId
    action: str
    name: str | None = None
    user_id: UserId | None = None
    invite_code: str | None = None


class GroupChangeDecided(Event, frozen=True, kw_only=True):
    """The request took effect, or was refused for `reason`."""

    group_id: str
    request_id: str
    accepted: bool
    reason: str | None = None


class GroupListing(Event, frozen=True, kw_only=True):
    """The directory's row: a group's name, owner and members."""

    group_id: str
    name: str
    owner: UserId
    members: tuple[UserId, ...]


class GroupLexicon(Event, frozen=True, kw_only=True):
    """From now on sessions of this group are counted by this lexicon: the common words and the group's own."""

    group_id: str
    lexicon: str


class UserChangeRequested(Event, frozen=True, kw_only=True):
    """`user_id` changes their profile or what they agree to."""

    user_id: UserId
    request_id: str
    display_name: str | None = None
    findable: bool | None = None
    tags_take_effect_at_once: bool | None = None


class UserChangeDecided(Event, frozen=True, kw_only=True):
    """The change took effect, or was refused for `reason`."""

    user_id: UserId
    request_id: str
    accepted: bool
    reason: str | None = None


class UserListing(Event, frozen=True, kw_only=True):
    """The directory's row: how a user is called and what that user agreed to."""

    user_id: UserId
    display_name: str
    findable: bool
    tags_take_effect_at_once: bool
