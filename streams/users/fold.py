"""Profile changes and links in; decisions and rows out. Nobody has agreed to anything until they say so."""

import msgspec
from msgspec.structs import replace

from schemas import topics
from schemas.event import Event
from schemas.ids import event_id
from schemas.people_events import (
    ShareListing,
    ShareRequested,
    UserChangeDecided,
    UserChangeRequested,
    UserErased,
    UserErasureRequested,
    UserListing,
)
from streams.fold import Outputs
from streams.store import Store

KEPT_ANSWERS = 100
MOST_LINKS = 50
"""Good links of one person at a time."""
Asked = UserChangeRequested | ShareRequested | UserErasureRequested


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """One user; `answers`: request id -> reason of a refusal, or None; `links`: those that are good."""

    display_name: str = ""
    findable: bool = False
    on_board: bool = False
    tags_take_effect_at_once: bool = False
    links: tuple[str, ...] = ()
    revision: int = 0
    answers: dict[str, str | None] = {}


def fold(store: Store, event: Event) -> Outputs:
    """What follows from `event`; a repeated one changes nothing and is answered again."""
    if not isinstance(event, Asked):
        return []
    profile = former = store.get(event.user_id, Profile) or Profile()
    if event.request_id not in profile.answers:
        reason = _refusal(profile, event)
        if reason is None:
            profile = _changed(profile, event)
        kept = list({**profile.answers, event.request_id: reason}.items())[-KEPT_ANSWERS:]
        profile = replace(profile, answers=dict(kept))
        store.put(event.user_id, profile)
    reason = profile.answers[event.request_id]
    decided = (topics.USERS_DECIDED, _decided(event, profile.revision, reason))
    if reason is not None:
        return [decided]
    return [
        (topics.USERS_DIRECTORY, _listing(profile, event)),
        *((topics.USERS_DECIDED, told) for told in _told(former, profile, event)),
        decided,
    ]


def _told(former: Profile, profile: Profile, event: Asked) -> list[Event]:
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
            revoked = [_link(profile, event, link, link) for link in former.links]
            erased = UserErased(
                event_id=event_id("UserErased", event.request_id),
                occurred_at_ms=event.occurred_at_ms,
                user_id=event.user_id,
            )
            return [*revoked, erased]
    return []


def _refusal(profile: Profile, event: Asked) -> str | None:
    if not isinstance(event, ShareRequested):
        return None
    if event.revoke:
        return None if event.share in profile.links else "no_such_share"
    return "too_many_shares" if len(profile.links) >= MOST_LINKS else None


def _changed(profile: Profile, event: Asked) -> Profile:
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


def _listing(profile: Profile, event: Asked) -> UserListing:
    return UserListing(
        event_id=event_id("UserListing", event.user_id, profile.revision),
        occurred_at_ms=event.occurred_at_ms,
        user_id=event.user_id,
        revision=profile.revision,
        display_name=profile.display_name,
        findable=profile.findable,
        on_board=profile.on_board,
        tags_take_effect_at_once=profile.tags_take_effect_at_once,
    )


def _link(
    profile: Profile,
    event: Asked,
    share: str,
    *named: str,
    first: str = "",
    last: str = "",
    show_name: bool = False,
) -> ShareListing:
    """`named`: what tells it from the other links of the same request."""
    return ShareListing(
        event_id=event_id("ShareListing", event.request_id, *named),
        occurred_at_ms=event.occurred_at_ms,
        user_id=event.user_id,
        share=share,
        first=first,
        last=last,
        show_name=show_name,
        revoked=share not in profile.links,
        revision=profile.revision,
    )


def _decided(event: Asked, revision: int, reason: str | None) -> UserChangeDecided:
    return UserChangeDecided(
        event_id=event_id("UserChangeDecided", event.request_id),
        occurred_at_ms=event.occurred_at_ms,
        user_id=event.user_id,
        request_id=event.request_id,
        accepted=reason is None,
        reason=reason,
        revision=revision,
    )
