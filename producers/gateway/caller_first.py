"""Routes with a JSON body: the caller is known before a byte of it is read.

FastAPI reads and parses a body before it asks who is calling. 60 MB of lists, from nobody, were
1.7 GB in the gateway.
"""

from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.types import Message, Receive

from adapters.http.bodies import parts
from producers.gateway.dependencies import Services, caller_of, upload_of_request
from schemas.ids import SessionId
from schemas.limits import JSON_BYTES

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class CallerFirst(APIRoute):
    """401 without a token, then 413 or 408 for a body beyond its limits, then FastAPI's work."""

    def get_route_handler(self) -> Handler:
        """The route's handler."""
        handle = super().get_route_handler()
        if self.body_field is None:
            return handle
        check = _check_upload if _needs_upload(self.dependant) else _check_user

        async def bounded(request: Request) -> Response:
            await check(request)
            content = b"".join([part async for part in parts(request, JSON_BYTES.most)])
            return await handle(Request(request.scope, _received(content, request.receive)))

        return bounded


def _needs_upload(dependant: Dependant) -> bool:
    below = dependant.dependencies
    return dependant.call is upload_of_request or any(_needs_upload(part) for part in below)


async def _check_user(request: Request) -> None:
    services: Services = request.app.state.services
    await caller_of(request, services)


async def _check_upload(request: Request) -> None:
    services: Services = request.app.state.services
    try:
        session_id = SessionId(str(UUID(request.path_params["session_id"])))
    except ValueError:
        return  # the route answers 422
    services.uploads.check(request, session_id)


def _received(content: bytes, rest: Receive) -> Receive:
    """A `receive` that has the whole body, and then what the connection says."""
    messages: list[Message] = [{"type": "http.request", "body": content, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else await rest()

    return receive
