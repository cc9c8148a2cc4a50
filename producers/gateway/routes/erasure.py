"""Erasing: a session, or everything of the caller. What is audio is gone when the answer comes; rows follow in seconds."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from adapters.http.problems import not_found
from producers.gateway import request_events
from producers.gateway.request_events import ClientRequest
from producers.gateway.responses import DECIDED, Parts, RequestId, answer, asked
from schemas import topics
from schemas.ids import UserId, derived_id
from schemas.session_events import State


def router(parts: Parts) -> APIRouter:
    """`DELETE` of what is the caller's."""
    app = APIRouter(prefix="/v1", tags=["erasing"])
    user_of = Annotated[UserId, Depends(parts.users.user)]

    @app.delete("/sessions/{session_id}", responses=DECIDED)
    def erase(
        session_id: UUID, user: user_of, response: Response, key: RequestId = None
    ) -> dict[str, Any]:
        """Erase a session, for everyone. Only whoever recorded it may; once more changes nothing."""
        listing = parts.directory.listing(str(session_id))
        if listing is None or listing.owner != user:
            raise not_found()
        request = asked(parts, user, key)
        if listing.state is State.ERASED:
            return {"request_id": request.request_id, "outcome": "erased"}
        parts.writer.erase(str(session_id))
        return answer(
            parts, request, topics.INBOUND, request_events.erase(request, str(session_id)), response
        )

    @app.delete("/users/me", responses=DECIDED)
    def forget(user: user_of, response: Response, key: RequestId = None) -> dict[str, Any]:
        """Erase every session that the caller recorded, let go of their voices and groups, and forget their profile."""
        request = asked(parts, user, key)
        sessions = parts.directory.recorded_by(user)
        for session_id in sessions:
            parts.writer.erase(session_id)
            one = ClientRequest(
                derived_id("EraseRequested", request.request_id, session_id), user, request.now_ms
            )
            parts.writer.ask(topics.INBOUND, request_events.erase(one, session_id))
        found = answer(
            parts, request, topics.USERS_REQUESTED, request_events.forget(request), response
        )
        return {**found, "sessions": len(sessions)}

    return app
