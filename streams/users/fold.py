"""Profile changes and links in; decisions and rows out. Nobody has agreed to anything until they say so."""

from msgspec.structs import replace

from schemas import topics
from schemas.event import Event
from schemas.people_events import UserRequest
from streams.fold import Outputs
from streams.store import Store
from streams.users.changes import changed, refusal
from streams.users.events import consequences, decided, listing
from streams.users.state import Profile


def fold(store: Store, event: Event) -> Outputs:
    """What follows from `event`; a repeated one changes nothing and is answered again."""
    if not isinstance(event, UserRequest):
        return []
    profile = former = store.get(event.user_id, Profile) or Profile()
    answer = profile.answers.get(event.request_id)
    if answer is None:
        reason = refusal(profile, event)
        if reason is None:
            profile = changed(profile, event)
        answer = decided(event, profile.revision, reason)
        profile = replace(profile, answers=profile.answers.adding(event.request_id, answer))
        store.put(event.user_id, profile)
    decision = (topics.USERS_DECIDED, answer)
    if not answer.accepted:
        return [decision]
    return [
        (topics.USERS_DIRECTORY, listing(profile, event)),
        *((topics.USERS_DECIDED, told) for told in consequences(former, profile, event)),
        decision,
    ]
