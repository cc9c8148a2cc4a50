"""uvicorn for our HTTP processes: no access log, no Server header, everything bounded."""

import contextlib
import resource
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial

import uvicorn
from fastapi import FastAPI

from adapters.http.bounded_protocol import BoundedProtocol
from adapters.http.clients import FrontDoors
from adapters.http.connections import Connections
from adapters.process import gc_tuning
from schemas.limits import CONNECTIONS, IDLE_S

START_FAILED = 3
"""Exit status of a server whose port is taken."""
FILES = 200
"""Open files beside connections of clients: of Kafka, of the object store, of ClickHouse."""
DRAIN_S = 25
"""For requests that run at SIGTERM. Afterwards the process closes its clients, for some seconds."""


def _nothing() -> None:
    """No request of such a server waits for the end."""


class Server(uvicorn.Server):
    """One application on one port.

    `stopping` is called on the event loop at SIGTERM, before requests are waited for: it ends
    those that would not end by themselves. `front_doors`: addresses and networks of the proxies
    before us, joined by commas.
    """

    def __init__(
        self,
        app: FastAPI,
        host: str,
        port: int,
        stopping: Callable[[], None] = _nothing,
        front_doors: str = "",
    ) -> None:
        super().__init__(_config(app, host, port, front_doors))
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


def _config(app: FastAPI, host: str, port: int, front_doors: str) -> uvicorn.Config:
    connections = Connections(FrontDoors(front_doors), most=_connections())
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        # Over httptools, in C: a chunk is 0.8 MB, and Python copies each piece of it.
        http=partial(BoundedProtocol, connections),  # type: ignore[arg-type]
        ws="none",
        loop="uvloop",
        log_config=None,  # uvicorn's loggers write through ours (adapters.process.logs)
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=DRAIN_S,
        timeout_keep_alive=IDLE_S.most,
        forwarded_allow_ips=front_doors,
        server_header=False,
    )


def _connections() -> int:
    """Connections that the limit of open files leaves room for. Raises that limit to its most."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if most == resource.RLIM_INFINITY:
        return CONNECTIONS.most
    return min(CONNECTIONS.most, most - FILES)
