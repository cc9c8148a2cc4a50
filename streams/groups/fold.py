"""Requests in; decisions and the directory's row out. A repeated request gets the answer it got before."""

from msgspec.structs import replace

from schemas import topics
from schemas.event import Event
from schemas.ids import event_id
from schemas.people_events import GroupChangeDecided, GroupChangeRequested, GroupListing
from streams.fold import Outputs
from streams.groups.changes import changed, refusal
from streams.groups.state import KEPT_ANSWERS, Group
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
        answer = _decided(event, reason, group.revision)
        kept = list({**group.answers, event.request_id: answer}.items())[-KEPT_ANSWERS:]
        group = replace(group, answers=dict(kept))
        store.put(event.group_id, group)
    outputs: Outputs = [(topics.GROUPS_DECIDED, answer)]
    return (
        [(topics.GROUPS_DIRECTORY, _listing(group, event)), *outputs]
        if answer.accepted
        else outputs
    )


def _decided(event: GroupChangeRequested, reason: str | None, revision: int) -> GroupChangeDecided:
    return GroupChangeDecided(
        event_id=event_id("GroupChangeDecided", event.request_id),
        occurred_at_ms=event.occurred_at_ms,
        group_id=event.group_id,
        request_id=event.request_id,
        by=event.by,
        accepted=reason is None,
        reason=reason,
        revision=revision,
    )


def _listing(group: Group, event: GroupChangeRequested) -> GroupListing:
    return GroupListing(
        event_id=event_id("GroupListing", event.group_id, group.revision),
        occurred_at_ms=event.occurred_at_ms,
        group_id=event.group_id,
        revision=group.revision,
        name=group.name,
        owner=group.owner,
        members=group.members,
        former=group.former,
        invite=group.invite,
        invite_until_ms=group.invite_until_ms,
    )
