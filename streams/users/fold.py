"""Pure: requests in, decisions and rows out."""

from msgspec.structs import replace

from schemas import topics
from schemas.event import Event
from schemas.people_events import UserRequest
from streams.fold import Outputs
from streams.store import Store
from streams.users.changes import changed, refusal
from streams.users.events import decided, listing, rows_of
from streams.users.state import Profile


def fold(store: Store, event: Event) -> Outputs:
    """Returns the answer, after the rows when the request was accepted.

    A repeated request gets the answer of the first one, and the rows as they are now.
    """
    if not isinstance(event, UserRequest):
        return []
    former = store.get(event.user_id, Profile) or Profile()
    profile = former
    answer = profile.answers.get(event.request_id)
    if answer is None:
        reason = refusal(profile, event)
        if reason is None:
            profile = changed(profile, event)
        answer = decided(event, reason, profile.revision)
        profile = replace(profile, answers=profile.answers.adding(event.request_id, answer))
        store.put(event.user_id, profile)
    outputs: Outputs = []
    if answer.accepted:
        outputs.append((topics.USERS_DIRECTORY, listing(profile, event)))
        outputs += [(topics.USERS_DECIDED, row) for row in rows_of(former, profile, event)]
    return [*outputs, (topics.USERS_DECIDED, answer)]
