"""Groups, their members and invites. The groups fold decides; its decision is the answer."""

from fastapi import APIRouter

from adapters.http.fields import User
from adapters.http.paths import GroupPath
from producers.gateway import request_events
from producers.gateway.answer_models import (
    GroupAnswer,
    GroupInvited,
    InviteAnswer,
    InvitePending,
    Pending,
)
from producers.gateway.caller_first import CallerFirst
from producers.gateway.dependencies import Begins, CurrentRequest, Provided
from producers.gateway.invites import GOOD_FOR_MS
from producers.gateway.rejections import rejection
from producers.gateway.request_events import ClientRequest, GroupChange
from producers.gateway.request_models import GroupBody, JoinBody, OwnerBody
from producers.gateway.responses import CurrentDecider, decided
from schemas.ids import derived_id, secret_digest
from schemas.people_events import GroupAction

router = APIRouter(route_class=CallerFirst, prefix="/v1/groups", tags=["people"])


@router.post("", status_code=201, responses=decided(InvitePending), dependencies=[Begins])
def create(
    body: GroupBody, request: CurrentRequest, services: Provided, decider: CurrentDecider
) -> InviteAnswer:
    """A new group with its first invite."""
    code = services.invites.code(request.request_id, request.by)
    group_id = derived_id("Group", request.request_id, request.by)
    change = _invite(request, GroupAction.CREATE, code, name=body.name)
    event = request_events.change_group(request, group_id, change)
    answer = decider.group(event)
    return _with_invite(answer, group_id, code)


@router.post("/join", responses=decided())
def join(
    body: JoinBody, request: CurrentRequest, services: Provided, decider: CurrentDecider
) -> GroupAnswer:
    """Join by an invite's code."""
    invite = secret_digest(body.invite_code)
    group_id = services.directory.invited_to(invite)
    if group_id is None:
        raise rejection("no_such_invite")
    change = GroupChange(GroupAction.JOIN, invite=invite)
    event = request_events.change_group(request, group_id, change)
    return decider.group(event)


@router.post("/{group_id}/invite", responses=decided(InvitePending))
def invite(
    group_id: GroupPath, request: CurrentRequest, services: Provided, decider: CurrentDecider
) -> InviteAnswer:
    """A new invite; the one before is not good any more."""
    code = services.invites.code(request.request_id, request.by)
    change = _invite(request, GroupAction.INVITE, code)
    event = request_events.change_group(request, group_id, change)
    answer = decider.group(event)
    return _with_invite(answer, group_id, code)


@router.patch("/{group_id}", responses=decided())
def rename(
    group_id: GroupPath, body: GroupBody, request: CurrentRequest, decider: CurrentDecider
) -> GroupAnswer:
    """Another name."""
    change = GroupChange(GroupAction.RENAME, name=body.name)
    event = request_events.change_group(request, group_id, change)
    return decider.group(event)


@router.post("/{group_id}/owner", responses=decided())
def hand_over(
    group_id: GroupPath, body: OwnerBody, request: CurrentRequest, decider: CurrentDecider
) -> GroupAnswer:
    """Another owner, who must be a member."""
    change = GroupChange(GroupAction.HAND_OVER, user_id=body.user_id)
    event = request_events.change_group(request, group_id, change)
    return decider.group(event)


@router.delete("/{group_id}/members/me", responses=decided())
def leave(group_id: GroupPath, request: CurrentRequest, decider: CurrentDecider) -> GroupAnswer:
    """Leave; an owner hands over first."""
    change = GroupChange(GroupAction.LEAVE)
    event = request_events.change_group(request, group_id, change)
    return decider.group(event)


# A path: a provider may give an id with a slash, and %2F is one when the route is found.
@router.delete("/{group_id}/members/{user_id:path}", responses=decided())
def remove(
    group_id: GroupPath, user_id: User, request: CurrentRequest, decider: CurrentDecider
) -> GroupAnswer:
    """The owner removes a member; the invite ends with it."""
    change = GroupChange(GroupAction.REMOVE, user_id=user_id)
    event = request_events.change_group(request, group_id, change)
    return decider.group(event)


def _invite(
    request: ClientRequest, action: GroupAction, code: str, name: str | None = None
) -> GroupChange:
    return GroupChange(
        action,
        name=name,
        invite=secret_digest(code),
        invite_until_ms=request.now_ms + GOOD_FOR_MS,
    )


def _with_invite(answer: GroupAnswer, group_id: str, code: str) -> InviteAnswer:
    good_for_s = GOOD_FOR_MS // 1000
    if isinstance(answer, Pending):
        return InvitePending(
            request_id=answer.request_id,
            see=answer.see,
            group_id=group_id,
            invite_code=code,
            good_for_s=good_for_s,
        )
    return GroupInvited(
        request_id=answer.request_id, group_id=group_id, invite_code=code, good_for_s=good_for_s
    )
