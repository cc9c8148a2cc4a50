"""uvicorn for our HTTP processes: no access log, no Server header, a bounded drain."""

import contextlib
import signal
import socket
import sys
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from adapters.process import gc_tuning

START_FAILED = 3
"""Exit status of a server whose port is taken."""
DRAIN_S = 25
"""For requests that run at SIGTERM; less than the 30 s after which Kubernetes kills."""


def _nothing() -> None:
    """No request of such a server waits for the end."""


class Server(uvicorn.Server):
    """One application on one port.

    `stopping` is called on the event loop at SIGTERM, before requests are waited for: it ends
    those that would not end by themselves.
    """

    def __init__(
        self, app: FastAPI, host: str, port: int, stopping: Callable[[], None] = _nothing
    ) -> None:
        config = uvicorn.Config(
            app,
            host=host,
            port=port,
            http="httptools",  # in C: a chunk is 0.8 MB, and Python copies each piece of it
            loop="uvloop",
            log_config=None,  # uvicorn's loggers write through ours (adapters.process.logs)
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=DRAIN_S,
            server_header=False,
        )
        super().__init__(config)
        self._stopping = stopping

    def is_open(self) -> bool:
        """Whether the port takes connections: not before the start, and not after SIGTERM."""
        return self.started and not self.should_exit

    def serve_until_stopped(self) -> None:
        """Blocks until SIGTERM or SIGINT, then until the requests are done, for DRAIN_S at most."""
        gc_tuning.freeze()
        # uvicorn drains at SIGTERM and sends it once more to whoever handled it before: nobody
        # does, so that this call returns and what the caller opened is closed.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        with contextlib.suppress(KeyboardInterrupt):
            self.run()
        if not self.started:
            sys.exit(START_FAILED)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Say that it stops, then wait for all requests."""
        self._stopping()
        await super().shutdown(sockets)
