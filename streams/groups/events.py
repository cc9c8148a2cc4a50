"""Events of the groups fold: the answer to a request, and the directory's row."""

from schemas.people_events import GroupChangeDecided, GroupChangeRequested, GroupListing
from streams.groups.state import Group


def decided(event: GroupChangeRequested, reason: str | None, revision: int) -> GroupChangeDecided:
    """Answers a request. `revision` is that of the group after it."""
    return GroupChangeDecided(
        occurred_at_ms=event.occurred_at_ms,
        group_id=event.group_id,
        request_id=event.request_id,
        by=event.by,
        accepted=reason is None,
        reason=reason,
        revision=revision,
    )


def listing(group: Group, event: GroupChangeRequested) -> GroupListing:
    """The row that every gateway knows the group by."""
    return GroupListing(
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
