"""Pure: what a request means for a user's profile, or why it is rejected."""

from msgspec.structs import replace

from schemas.people_events import ShareRequested, UserErasureRequested, UserRequest
from streams.users.state import MOST_LINKS, Profile


def refusal(profile: Profile, event: UserRequest) -> str | None:
    if not isinstance(event, ShareRequested):
        return None
    if event.revoke:
        return None if event.share in profile.links else "no_such_share"
    return "too_many_shares" if len(profile.links) >= MOST_LINKS else None


def changed(profile: Profile, event: UserRequest) -> Profile:
    if isinstance(event, UserErasureRequested):
        return Profile(revision=profile.revision + 1)
    profile = replace(profile, revision=profile.revision + 1)
    if isinstance(event, ShareRequested):
        others = tuple(link for link in profile.links if link != event.share)
        return replace(profile, links=others if event.revoke else (*others, event.share))
    names = ("display_name", "findable", "on_board", "tags_take_effect_at_once")
    return replace(
        profile,
        **{name: getattr(event, name) for name in names if getattr(event, name) is not None},
    )
