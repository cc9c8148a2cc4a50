"""Pure: requests in, decisions and the directory's row out."""

from msgspec.structs import replace

from schemas.event import Event
from schemas.people_events import GroupChangeRequested
from streams.answers import answered
from streams.fold import Shape, as_announced, no_inputs
from streams.groups.announce import announce, decided
from streams.groups.changes import changed, refusal
from streams.groups.state import Group, GroupState
from streams.store import Store


def decide(state: GroupState, event: Event, _inputs: None) -> GroupState:
    """Returns the group after the request, and its answer."""
    assert isinstance(event, GroupChangeRequested)
    group, answer = answered(state.group, event.request_id, event, refusal=refusal, changed=changed)
    return replace(state, group=group, answer=decided(event, answer))


def _load(store: Store, event: Event) -> GroupState | None:
    if not isinstance(event, GroupChangeRequested):
        return None
    return GroupState(group_id=event.group_id, group=store.get(event.group_id, Group) or Group())


def _save(store: Store, _before: GroupState, state: GroupState) -> None:
    # Anybody may name any id: a group that nobody made leaves nothing. A repeat is decided again.
    if state.group.revision:
        store.put(state.group_id, state.group)


SHAPE = Shape(
    load=_load,
    fetch=no_inputs,
    decide=decide,
    announce=announce,
    publish=as_announced,
    save=_save,
)
fold = SHAPE.run
