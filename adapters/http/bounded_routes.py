"""Routes with a JSON body: FastAPI would read and parse one of any size, from anybody."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute
from starlette.types import Message, Receive

from adapters.http.bodies import media_type, whole
from adapters.http.problems import HttpProblem
from schemas.limits import JSON_BYTES

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class _ReadRequest(Request):
    """A request whose body was read."""

    async def json(self) -> Any:
        """The body as JSON in UTF-8. HTTPException 422 for a field that comes more than once."""
        body = await self.body()
        return json.loads(body.decode("utf-8-sig"), object_pairs_hook=_fields)


def _fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        detail = "A field of the body came more than once: of two, servers take another one."
        raise HTTPException(422, detail)
    return fields


class BoundedRoute(APIRoute):
    """413 or 408 for a body beyond its limits, 415 for one that is not said to be JSON.

    Then FastAPI's work, which would say of a body of another type that it is no dictionary.
    """

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
            if content and not _is_json(request.headers.get("Content-Type", "")):
                raise _no_json()
            return await handle(_ReadRequest(request.scope, _received(content, request.receive)))

        return bounded


def _is_json(content_type: str) -> bool:
    kind = media_type(content_type)
    return kind == "application/json" or (
        kind.startswith("application/") and kind.endswith("+json")
    )


def _no_json() -> HttpProblem:
    detail = "Send this body with the header Content-Type: application/json."
    return HttpProblem(415, "no-json", "Not said to be JSON", detail)


def _received(content: bytes, rest: Receive) -> Receive:
    """A `receive` that has the whole body, and then what the connection says."""
    messages: list[Message] = [{"type": "http.request", "body": content, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else await rest()

    return receive
