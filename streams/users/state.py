"""The state of a user in the users fold."""

import msgspec

from schemas.ids import UserId
from schemas.limits import KEEP_DAYS
from schemas.people_events import UserChangeDecided
from streams.answers import Revised


class Profile(Revised, frozen=True, kw_only=True):
    """One user. Nobody has agreed to anything before they say so.

    `links`: share links that are not revoked. `links_ms`: when each was made; links of before rows
    had it are not in it. `signed_out_at_ms`: when they ended every session.
    `choices_ms`: when they last chose each field that it names. `erased_at_ms`: when they last
    wanted everything removed.
    """

    display_name: str = ""
    findable: bool = False
    on_board: bool = False
    tags_take_effect_at_once: bool = False
    time_zone: str = ""
    keep_transcript_days: int = KEEP_DAYS
    choices_ms: dict[str, int] = msgspec.field(default_factory=dict)
    signed_out_at_ms: int = 0
    erased_at_ms: int = 0
    links: tuple[str, ...] = ()
    links_ms: dict[str, int] = msgspec.field(default_factory=dict)


class UserState(msgspec.Struct, frozen=True, kw_only=True):
    """A user, and the answer to the request that was handled last. The answer is not kept."""

    user_id: UserId
    profile: Profile
    answer: UserChangeDecided | None = None
