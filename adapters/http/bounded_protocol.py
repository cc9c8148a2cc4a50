"""uvicorn's HTTP protocol with bounds: on a request's head, on waiting, on connections of a client.

uvicorn has none of them for httptools. A head could be of any size and take for ever, and so could
a body that nobody reads, and an answer that nobody takes.
"""

import asyncio
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from adapters.http.connections import Connections
from adapters.http.problems import HttpProblem, content_of
from schemas.limits import ANSWER_S, HEAD_BYTES, HEAD_S, REST_S

ROUND_S = 0.001
"""A timer of so long runs after the event loop has read what is there. One of 0 s need not."""


class _HeadTooLargeError(Exception):
    """Stops the parser."""


class BoundedProtocol(HttpToolsProtocol):
    """One connection. Refusals are problems (RFC 9457), and the connection ends with them."""

    def __init__(self, connections: Connections, **given: Any) -> None:
        super().__init__(**given)
        self._connections = connections
        self._peer = ""
        self._is_in_head = True
        self._is_whole = True
        self._head_bytes = 0
        self._field_bytes = 0
        self._timer: asyncio.TimerHandle | None = None
        self._answer_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Refuse one connection too many; else wait for a head."""
        super().connection_made(transport)
        self._peer = self.client[0] if self.client else ""
        if self._connections.opened(self._peer):
            self._wait(HEAD_S.most, self._head_is_late)
        else:
            self._refuse(TOO_MANY_CONNECTIONS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop all timers."""
        super().connection_lost(exc)
        self._connections.closed(self._peer)
        self._stop_waiting()
        self._stop_waiting_for_reader()

    def data_received(self, data: bytes) -> None:
        """Parse, and refuse a head that does not end, be it of blank lines."""
        if self.transport.is_closing():
            return
        if self._is_in_head:
            self._head_bytes += len(data)
            if self._timer is None:
                self._wait(HEAD_S.most, self._head_is_late)
        super().data_received(data)
        if self._is_in_head and self._head_bytes > HEAD_BYTES.most:
            self._refuse(HEAD_TOO_LARGE)

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._is_in_head = True
        self._is_whole = False
        self._field_bytes = 0

    def on_url(self, url: bytes) -> None:
        """Count it."""
        self._count(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count it. Fields after the body come here too."""
        self._count(name + value)
        super().on_header(name, value)

    def _count(self, field: bytes) -> None:
        self._field_bytes += len(field)
        if self._field_bytes > HEAD_BYTES.most:
            raise _HeadTooLargeError

    def on_headers_complete(self) -> None:
        """The head came in time."""
        self._is_in_head = False
        self._stop_waiting()
        super().on_headers_complete()
        if self.parser.should_upgrade():
            # The parser takes all that follows for another protocol: nothing may follow.
            self.cycle.keep_alive = False

    def on_message_complete(self) -> None:
        """The request is whole, perhaps after its answer."""
        super().on_message_complete()
        self._is_whole = True
        self._stop_waiting()
        if self.cycle.response_complete:
            self._expect_next()

    def on_response_complete(self) -> None:
        """A request that was answered early may end in a little time."""
        super().on_response_complete()
        if not self.cycle.response_complete:
            return  # the next one waited already
        if self._is_whole:
            self._expect_next()
        else:
            self._wait(REST_S.most, self.transport.close)

    def _expect_next(self) -> None:
        self._is_in_head = True
        self._head_bytes = 0

    def timeout_keep_alive_handler(self) -> None:
        """Nothing came in time, unless it waits to be read: a late loop's timers come first."""
        close = super().timeout_keep_alive_handler
        self.timeout_keep_alive_task = self.loop.call_later(ROUND_S, close)

    def pause_writing(self) -> None:
        """The client has to take its answer in time."""
        super().pause_writing()
        self._answer_timer = self.loop.call_later(ANSWER_S.most, self.transport.abort)

    def resume_writing(self) -> None:
        """The client took it."""
        super().resume_writing()
        self._stop_waiting_for_reader()

    def send_400_response(self, msg: str) -> None:
        """The parser stopped. `msg` is uvicorn's; the problem says more."""
        del msg
        is_too_large = self._field_bytes > HEAD_BYTES.most
        self._refuse(HEAD_TOO_LARGE if is_too_large else NO_HTTP)

    def _head_is_late(self) -> None:
        if self._head_bytes:
            self._refuse(HEAD_TOO_LATE)
        else:
            self.transport.close()

    def _refuse(self, problem: HttpProblem) -> None:
        # An answer that is being written cannot be followed by another one.
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            self.transport.write(_answer(problem))
        self.transport.close()

    def _wait(self, seconds: float, then: Callable[[], None]) -> None:
        self._stop_waiting()
        self._timer = self.loop.call_later(seconds, self._time_is_over, then)

    def _time_is_over(self, then: Callable[[], None]) -> None:
        """The same for all other times."""
        self._timer = self.loop.call_later(ROUND_S, then)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _stop_waiting_for_reader(self) -> None:
        if self._answer_timer is not None:
            self._answer_timer.cancel()
            self._answer_timer = None


def _answer(problem: HttpProblem) -> bytes:
    body = json.dumps(content_of(problem)).encode()
    headers = {
        "content-type": "application/problem+json",
        "content-length": str(len(body)),
        "connection": "close",
        **(problem.headers or {}),
    }
    lines = [f"{name}: {value}\r\n".encode() for name, value in headers.items()]
    return b"".join([STATUS_LINE[problem.status], *lines, b"\r\n", body])


TOO_MANY_CONNECTIONS = HttpProblem(
    HTTPStatus.TOO_MANY_REQUESTS,
    "too-many-connections",
    "Too many connections",
    "There are too many open connections: close some, or try again later.",
    retry_after_s=5,
)
HEAD_TOO_LATE = HttpProblem(
    HTTPStatus.REQUEST_TIMEOUT,
    "head-too-late",
    "Too slow",
    f"The head of a request has to come within {HEAD_S.most} s.",
    retryable=True,
)
HEAD_TOO_LARGE = HttpProblem(
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    "head-too-large",
    "Head too large",
    f"The line and the fields of a request have at most {HEAD_BYTES.most} bytes.",
)
NO_HTTP = HttpProblem(
    HTTPStatus.BAD_REQUEST, "no-http", "No HTTP", "This is no request of HTTP/1.1."
)
