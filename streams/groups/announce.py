"""Pure: the answer to a request about a group, and the directory's row."""

from schemas import topics
from schemas.event import Event
from schemas.ids import NOBODY
from schemas.people_events import (
    GroupAction,
    GroupChangeDecided,
    GroupChangeRequested,
    GroupListing,
)
from streams.answers import Answer
from streams.fold import Outputs
from streams.groups.state import GroupState


def announce(before: GroupState, after: GroupState, cause: Event) -> Outputs:
    """Returns the answer, after the row of the group as it is now when the request was accepted."""
    answer = after.answer
    if answer is None or answer == before.answer:
        return []
    outputs: Outputs = []
    if answer.accepted:
        outputs.append((topics.GROUPS_DIRECTORY, _listing(after, cause)))
    return [*outputs, (topics.GROUPS_DECIDED, answer)]


def decided(event: GroupChangeRequested, answer: Answer) -> GroupChangeDecided:
    """Answers a request. The answer to one that forgets somebody names nobody: it has a row."""
    is_forgotten = event.action is GroupAction.ERASE_MEMBER
    return GroupChangeDecided(
        occurred_at_ms=event.occurred_at_ms,
        group_id=event.group_id,
        request_id=event.request_id,
        by=NOBODY if is_forgotten else event.by,
        accepted=answer.reason is None,
        reason=answer.reason,
        revision=answer.number,
    )


def _listing(state: GroupState, cause: Event) -> GroupListing:
    group = state.group
    return GroupListing(
        occurred_at_ms=cause.occurred_at_ms,
        group_id=state.group_id,
        revision=group.revision,
        name=group.name,
        owner=group.owner,
        members=group.members,
        former=group.former,
        former_since_ms=group.former_since_ms,
        invite=group.invite,
        invite_until_ms=group.invite_until_ms,
    )
