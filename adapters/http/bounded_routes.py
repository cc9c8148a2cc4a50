"""Routes with a JSON body: FastAPI would read and parse one of any size, from anybody."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import Message, Receive

from adapters.http.bodies import whole
from schemas.limits import JSON_BYTES

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class BoundedRoute(APIRoute):
    """413 or 408 for a body beyond its limits, then FastAPI's work."""

    async def admit(self, request: Request) -> None:
        """Raises HttpProblem for a caller whose body is not read at all."""

    def get_route_handler(self) -> Handler:
        """The route's handler."""
        handle = super().get_route_handler()
        if self.body_field is None:
            return handle

        async def bounded(request: Request) -> Response:
            await self.admit(request)
            content = await whole(request, JSON_BYTES.most)
            return await handle(Request(request.scope, _received(content, request.receive)))

        return bounded


def _received(content: bytes, rest: Receive) -> Receive:
    """A `receive` that has the whole body, and then what the connection says."""
    messages: list[Message] = [{"type": "http.request", "body": content, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else await rest()

    return receive
