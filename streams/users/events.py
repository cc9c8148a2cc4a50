"""Events of the users fold: the answer to a request, the directory's row, and rows of links."""

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


def decided(event: UserRequest, revision: int, reason: str | None) -> UserChangeDecided:
    return UserChangeDecided(
        occurred_at_ms=event.occurred_at_ms,
        user_id=event.user_id,
        request_id=event.request_id,
        accepted=reason is None,
        reason=reason,
        revision=revision,
    )


def listing(profile: Profile, event: UserRequest) -> UserListing:
    return UserListing(
        occurred_at_ms=event.occurred_at_ms,
        user_id=event.user_id,
        revision=profile.revision,
        display_name=profile.display_name,
        findable=profile.findable,
        on_board=profile.on_board,
        tags_take_effect_at_once=profile.tags_take_effect_at_once,
    )


def consequences(former: Profile, profile: Profile, event: UserRequest) -> list[Event]:
    """What else the warehouse and the stage `erasure` have to know."""
    match event:
        case ShareRequested():
            return [
                _link(
                    profile,
                    event,
                    event.share,
                    first=event.first,
                    last=event.last,
                    show_name=event.show_name,
                )
            ]
        case UserErasureRequested():
            revoked = [_link(profile, event, link) for link in former.links]
            erased = UserErased(
                request_id=event.request_id,
                occurred_at_ms=event.occurred_at_ms,
                user_id=event.user_id,
            )
            return [*revoked, erased]
    return []


def _link(
    profile: Profile,
    event: UserRequest,
    share: str,
    *,
    first: str = "",
    last: str = "",
    show_name: bool = False,
) -> ShareListing:
    return ShareListing(
        occurred_at_ms=event.occurred_at_ms,
        user_id=event.user_id,
        share=share,
        first=first,
        last=last,
        show_name=show_name,
        revoked=share not in profile.links,
        revision=profile.revision,
    )
