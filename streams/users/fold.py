"""Pure: requests in, decisions and rows out."""

from msgspec.structs import replace

from schemas.event import Event
from schemas.people_events import UserRequest
from streams.answers import answered
from streams.fold import Shape, as_announced, no_inputs
from streams.store import Store
from streams.users.announce import announce, decided
from streams.users.changes import changed, refusal
from streams.users.state import Profile, UserState


def decide(state: UserState, event: Event, _inputs: None) -> UserState:
    """Returns the profile after the request, and its answer."""
    assert isinstance(event, UserRequest)
    profile, answer = answered(
        state.profile, event.request_id, event, refusal=refusal, changed=changed
    )
    return replace(state, profile=profile, answer=decided(event, answer))


def _load(store: Store, event: Event) -> UserState | None:
    if not isinstance(event, UserRequest):
        return None
    return UserState(user_id=event.user_id, profile=store.get(event.user_id, Profile) or Profile())


def _save(store: Store, _before: UserState, state: UserState) -> None:
    store.put(state.user_id, state.profile)


SHAPE = Shape(
    load=_load,
    fetch=no_inputs,
    decide=decide,
    announce=announce,
    publish=as_announced,
    save=_save,
)
fold = SHAPE.run
