"""Pure: requests in, decisions and the directory's row out."""

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
    """Returns the answer, after the row when the request was accepted.

    A repeated request gets the answer of the first one, and the row as it is now.
    """
    if not isinstance(event, GroupChangeRequested):
        return []
    group = store.get(event.group_id, Group) or Group()
    answer = group.answers.get(event.request_id)
    if answer is None:
        reason = refusal(group, event)
        if reason is None:
            group = changed(group, event)
        answer = decided(event, reason, group.revision)
        group = replace(group, answers=group.answers.adding(event.request_id, answer))
        store.put(event.group_id, group)
    outputs: Outputs = []
    if answer.accepted:
        outputs.append((topics.GROUPS_DIRECTORY, listing(group, event)))
    return [*outputs, (topics.GROUPS_DECIDED, answer)]
