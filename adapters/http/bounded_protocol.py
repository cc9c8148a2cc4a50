"""uvicorn's HTTP protocol with bounds: on a request's head, on waiting, on connections of a client.

uvicorn has none of them for httptools. A head could be of any size and take for ever, and so could
a body that nobody reads, and an answer that nobody takes.
"""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from adapters.http.connection_problems import (
    CUT,
    HEAD_TOO_LARGE,
    HEAD_TOO_LATE,
    NO_HTTP,
    TOO_MANY_CONNECTIONS,
    answer_of,
)
from adapters.http.connections import Connections
from adapters.http.problems import HttpProblem
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
        self._cycle_before: RequestResponseCycle | None = None
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
        """The head came in time. uvicorn raises for an address that is none: then it is no head."""
        self._stop_waiting()
        self._cycle_before = self.cycle
        super().on_headers_complete()
        self._is_in_head = False
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
            # The rest of the body ended uvicorn's wait for the next request.
            self._wait_for_next()

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

    def _wait_for_next(self) -> None:
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

    def timeout_keep_alive_handler(self) -> None:
        """Nothing came in time, unless it waits to be read: a late loop's timers come first.

        A client that still takes its answer has all of the time once more.
        """
        if self.transport.get_write_buffer_size():
            self._wait_for_next()
            return
        close = super().timeout_keep_alive_handler
        self.timeout_keep_alive_task = self.loop.call_later(ROUND_S, close)

    def eof_received(self) -> bool:  # type: ignore[override]
        """The client says no more. True while it waits for the answer to what it said.

        A request that is cut is refused. Nobody can tell a client that waits from one that has
        gone: an answer that has begun, as a stream of events, ends here.
        """
        if not self._is_whole:
            self._refuse(CUT)
        if self.transport.is_closing() or self.cycle is None or self.cycle.response_started:
            return False
        self.cycle.keep_alive = False
        return True

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
        """Answer the request that comes just now. The connection ends with the last answer."""
        if self.pipeline and not self._is_in_head:
            self.pipeline.popleft()  # it waited for its turn
            self.cycle = cast(RequestResponseCycle, self._cycle_before)
            self._is_in_head = True
        if self._is_in_head and self.cycle is not None and not self.cycle.response_complete:
            # The one before is not answered yet: this answer would be taken for its answer.
            self.cycle.keep_alive = False
            return
        if self._is_in_head or not self.cycle.response_started:
            self.transport.write(answer_of(problem))
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
