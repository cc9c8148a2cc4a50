"""Groups and profiles: asked here, decided by the fold that owns the group or the user."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from producers.gateway import request_events
from producers.gateway.invites import GOOD_FOR_MS
from producers.gateway.request_events import Change, ClientRequest
from producers.gateway.request_models import GroupBody, JoinBody, OwnerBody, ProfileBody, ShareBody
from producers.gateway.responses import DECIDED, Parts, RequestId, answer, asked, refused
from schemas import topics
from schemas.ids import UserId, derived_id, secret_digest
from schemas.people_events import GroupAction


def router(parts: Parts) -> APIRouter:
    """Groups, their members, and the caller's profile."""
    found = APIRouter(prefix="/v1", tags=["people"])
    _joining(found, parts)
    _owning(found, parts)
    _leaving(found, parts)
    _profile(found, parts)
    _sharing(found, parts)
    return found


def _changed(
    parts: Parts,
    request: ClientRequest,
    group_id: str,
    action: GroupAction,
    response: Response,
    **change: Any,
) -> dict[str, Any]:
    return answer(
        parts,
        request,
        topics.GROUPS_REQUESTED,
        request_events.group(request, group_id, action, Change(**change)),
        response,
    )


def _invite(parts: Parts, request: ClientRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the fold is told, and what the caller is."""
    code, until_ms = parts.invites.code(request.request_id), request.now_ms + GOOD_FOR_MS
    return {"invite": secret_digest(code), "invite_until_ms": until_ms}, {
        "invite_code": code,
        "good_for_s": GOOD_FOR_MS // 1000,
    }


def _joining(app: APIRouter, parts: Parts) -> None:
    user_of = Annotated[UserId, Depends(parts.users.user)]

    @app.post("/groups", status_code=201, responses=DECIDED)
    def create(
        body: GroupBody, user: user_of, response: Response, key: RequestId = None
    ) -> dict[str, Any]:
        """A new group with its first invite."""
        request = asked(parts, user, key)
        told, said = _invite(parts, request)
        group_id = derived_id("Group", request.request_id, user)
        return {
            **_changed(
                parts, request, group_id, GroupAction.CREATE, response, name=body.name, **told
            ),
            "group_id": group_id,
            **said,
        }

    @app.post("/groups/join", responses=DECIDED)
    def join(
        body: JoinBody, user: user_of, response: Response, key: RequestId = None
    ) -> dict[str, Any]:
        """Join by an invite's code."""
        invite = secret_digest(body.invite_code)
        group_id = parts.directory.invited_to(invite)
        if group_id is None:
            raise refused("no_such_invite")
        return _changed(
            parts, asked(parts, user, key), group_id, GroupAction.JOIN, response, invite=invite
        )


def _owning(app: APIRouter, parts: Parts) -> None:
    user_of = Annotated[UserId, Depends(parts.users.user)]

    @app.post("/groups/{group_id}/invite", responses=DECIDED)
    def invite(
        group_id: UUID, user: user_of, response: Response, key: RequestId = None
    ) -> dict[str, Any]:
        """A new invite; the one before is not good any more."""
        request = asked(parts, user, key)
        told, said = _invite(parts, request)
        return {
            **_changed(parts, request, str(group_id), GroupAction.INVITE, response, **told),
            **said,
        }

    @app.patch("/groups/{group_id}", responses=DECIDED)
    def rename(
        group_id: UUID, body: GroupBody, user: user_of, response: Response, key: RequestId = None
    ) -> dict[str, Any]:
        """Another name."""
        return _changed(
            parts,
            asked(parts, user, key),
            str(group_id),
            GroupAction.RENAME,
            response,
            name=body.name,
        )

    @app.post("/groups/{group_id}/owner", responses=DECIDED)
    def hand_over(
        group_id: UUID, body: OwnerBody, user: user_of, response: Response, key: RequestId = None
    ) -> dict[str, Any]:
        """Another owner, who must be a member."""
        return _changed(
            parts,
            asked(parts, user, key),
            str(group_id),
            GroupAction.HAND_OVER,
            response,
            user=body.user_id,
        )


def _leaving(app: APIRouter, parts: Parts) -> None:
    user_of = Annotated[UserId, Depends(parts.users.user)]

    @app.delete("/groups/{group_id}/members/me", responses=DECIDED)
    def leave(
        group_id: UUID, user: user_of, response: Response, key: RequestId = None
    ) -> dict[str, Any]:
        """Leave; an owner hands over first."""
        return _changed(parts, asked(parts, user, key), str(group_id), GroupAction.LEAVE, response)

    @app.delete("/groups/{group_id}/members/{user_id}", responses=DECIDED)
    def remove(
        group_id: UUID, user_id: str, user: user_of, response: Response, key: RequestId = None
    ) -> dict[str, Any]:
        """The owner removes somebody; the invite ends with it."""
        return _changed(
            parts,
            asked(parts, user, key),
            str(group_id),
            GroupAction.REMOVE,
            response,
            user=user_id,
        )


def _profile(app: APIRouter, parts: Parts) -> None:
    user_of = Annotated[UserId, Depends(parts.users.user)]

    @app.patch("/users/me", responses=DECIDED)
    def profile(
        body: ProfileBody, user: user_of, response: Response, key: RequestId = None
    ) -> dict[str, Any]:
        """How the caller is called, and what they agree to."""
        request = asked(parts, user, key)
        return answer(
            parts, request, topics.USERS_REQUESTED, request_events.profile(request, body), response
        )


def _sharing(app: APIRouter, parts: Parts) -> None:
    user_of = Annotated[UserId, Depends(parts.users.user)]

    @app.post("/users/me/shares", status_code=201, responses=DECIDED)
    def share(
        body: ShareBody, user: user_of, response: Response, key: RequestId = None
    ) -> dict[str, Any]:
        """A link to the caller's card, good for whoever has it, until it is revoked."""
        request = asked(parts, user, key)
        secret = parts.invites.link(request.request_id)
        found = answer(
            parts,
            request,
            topics.USERS_REQUESTED,
            request_events.share(request, secret_digest(secret), body),
            response,
        )
        return {**found, "share": secret_digest(secret), "path": f"/share/{secret}"}

    @app.delete("/users/me/shares/{share}", responses=DECIDED)
    def revoke(
        share: str, user: user_of, response: Response, key: RequestId = None
    ) -> dict[str, Any]:
        """The link leads nowhere from now on."""
        request = asked(parts, user, key)
        return answer(
            parts, request, topics.USERS_REQUESTED, request_events.unshare(request, share), response
        )
