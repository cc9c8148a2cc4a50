"""Events of the users fold: the answer to a request, the directory's row, and rows of links."""

from msgspec.structs import replace

from schemas.event import Event
from schemas.people_events import (
    ShareListing,
    ShareRequested,
    UserChangeDecided,
    UserErased,
    UserErasureRequested,
    UserListing,
    UserRequest,
)
from streams.users.state import Profile


def decided(event: UserRequest, reason: str | None, revision: int) -> UserChangeDecided:
    """Answers a request. `revision` is that of the profile after it."""
    return UserChangeDecided(
        occurred_at_ms=event.occurred_at_ms,
        user_id=event.user_id,
        request_id=event.request_id,
        accepted=reason is None,
        reason=reason,
        revision=revision,
    )


def listing(profile: Profile, event: UserRequest) -> UserListing:
    """The row that every gateway knows the user by."""
    return UserListing(
        occurred_at_ms=event.occurred_at_ms,
        user_id=event.user_id,
        revision=profile.revision,
        display_name=profile.display_name,
        findable=profile.findable,
        on_board=profile.on_board,
        tags_take_effect_at_once=profile.tags_take_effect_at_once,
    )


def rows_of(former: Profile, profile: Profile, event: UserRequest) -> list[Event]:
    """Rows for the warehouse and for the stage `erasure`. An erased user's links are revoked."""
    match event:
        case ShareRequested():
            row = _link(profile, event, event.share)
            return [replace(row, first=event.first, last=event.last, show_name=event.show_name)]
        case UserErasureRequested():
            revoked = [_link(profile, event, link) for link in former.links]
            return [*revoked, _erased(event)]
    return []


def _link(profile: Profile, event: UserRequest, share: str) -> ShareListing:
    return ShareListing(
        occurred_at_ms=event.occurred_at_ms,
        user_id=event.user_id,
        share=share,
        first="",
        last="",
        show_name=False,
        revoked=share not in profile.links,
        revision=profile.revision,
    )


def _erased(event: UserErasureRequested) -> UserErased:
    return UserErased(
        request_id=event.request_id,
        occurred_at_ms=event.occurred_at_ms,
        user_id=event.user_id,
    )
