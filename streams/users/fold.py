"""Profile changes in; decisions and the directory's row out. Nobody has agreed to anything until they say so."""

import msgspec
from msgspec.structs import replace

from schemas import topics
from schemas.event import Event
from schemas.ids import event_id
from schemas.people_events import UserChangeDecided, UserChangeRequested, UserListing
from streams.decision import Outputs
from streams.store import Store

KEPT_ANSWERS = 100


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """One user; `done` are request ids that took effect."""

    display_name: str = ""
    findable: bool = False
    on_board: bool = False
    tags_take_effect_at_once: bool = False
    revision: int = 0
    done: tuple[str, ...] = ()


def fold(store: Store, event: Event) -> Outputs:
    """What follows from `event`; a repeated one changes nothing and is answered again."""
    if not isinstance(event, UserChangeRequested):
        return []
    profile = store.get(event.user_id, Profile) or Profile()
    if event.request_id not in profile.done:
        profile = _changed(profile, event)
        store.put(event.user_id, profile)
    return [(topics.USERS_DIRECTORY, _listing(profile, event)), (topics.USERS_DECIDED, _decided(event, profile.revision))]


def _changed(profile: Profile, event: UserChangeRequested) -> Profile:
    names = ("display_name", "findable", "on_board", "tags_take_effect_at_once")
    given = {name: getattr(event, name) for name in names if getattr(event, name) is not None}
    return replace(profile, **given, revision=profile.revision + 1, done=(*profile.done, event.request_id)[-KEPT_ANSWERS:])


def _listing(profile: Profile, event: UserChangeRequested) -> UserListing:
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


def _decided(event: UserChangeRequested, revision: int) -> UserChangeDecided:
    return UserChangeDecided(
        event_id=event_id("UserChangeDecided", event.request_id),
        occurred_at_ms=event.occurred_at_ms,
        user_id=event.user_id,
        request_id=event.request_id,
        accepted=True,
        reason=None,
        revision=revision,
    )
