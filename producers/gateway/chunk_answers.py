"""Counts the answers to chunk uploads by status, errors too.

The alert UploadsRefused reads the counter.
"""

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.process.metrics import CHUNKS_ANSWERED
from producers.gateway.routes.sessions import chunk


class ChunkAnswerCounter:
    """ASGI middleware. It counts PUTs that the router gave to the chunk route."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on. The server error handler is outside of us: we count its 500 here."""

        async def send_and_count(message: Message) -> None:
            if message["type"] == "http.response.start":
                _count(scope, message["status"])
            await send(message)

        try:
            await self._app(scope, receive, send_and_count)
        except ClientDisconnect:  # nobody is there to answer
            raise
        except Exception:
            _count(scope, 500)
            raise


def _count(scope: Scope, status: int) -> None:
    is_chunk = scope.get("endpoint") is chunk  # of any method: the router answers 405 for others
    if is_chunk and scope["method"] == "PUT":
        CHUNKS_ANSWERED.labels(str(status)).inc()
