"""Profile changes and links in; decisions and rows out. Nobody has agreed to anything until they say so."""

from msgspec.structs import replace

from schemas import topics
from schemas.event import Event
from streams.fold import Outputs
from streams.store import Store
from streams.users.changes import UserRequest, changed, refusal
from streams.users.events import consequences, decided, listing
from streams.users.state import KEPT_ANSWERS, Profile


def fold(store: Store, event: Event) -> Outputs:
    """What follows from `event`; a repeated one changes nothing and is answered again."""
    if not isinstance(event, UserRequest):
        return []
    profile = former = store.get(event.user_id, Profile) or Profile()
    if event.request_id not in profile.answers:
        reason = refusal(profile, event)
        if reason is None:
            profile = changed(profile, event)
        kept = list({**profile.answers, event.request_id: reason}.items())[-KEPT_ANSWERS:]
        profile = replace(profile, answers=dict(kept))
        store.put(event.user_id, profile)
    reason = profile.answers[event.request_id]
    answer = (topics.USERS_DECIDED, decided(event, profile.revision, reason))
    if reason is not None:
        return [answer]
    return [
        (topics.USERS_DIRECTORY, listing(profile, event)),
        *((topics.USERS_DECIDED, told) for told in consequences(former, profile, event)),
        answer,
    ]
