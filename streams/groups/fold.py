"""Requests in; decisions and the directory's row out. A repeated request gets the answer it got before."""

from msgspec.structs import replace

from schemas import topics
from schemas.event import Event
from schemas.people_events import GroupChangeRequested
from streams.fold import Outputs
from streams.groups.changes import changed, refusal
from streams.groups.events import decided, listing
from streams.groups.state import Group
from streams.store import Store


def fold(store: Store, event: Event) -> Outputs:
    """What follows from `event`."""
    if not isinstance(event, GroupChangeRequested):
        return []
    group = store.get(event.group_id, Group) or Group()
    answer = group.answers.get(event.request_id)
    if answer is None:
        reason = refusal(group, event)
        group = changed(group, event) if reason is None else group
        answer = decided(event, reason, group.revision)
        group = replace(group, answers=group.answers.adding(event.request_id, answer))
        store.put(event.group_id, group)
    outputs: Outputs = [(topics.GROUPS_DECIDED, answer)]
    return (
        [(topics.GROUPS_DIRECTORY, listing(group, event)), *outputs] if answer.accepted else outputs
    )
