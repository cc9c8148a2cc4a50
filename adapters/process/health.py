"""A small HTTP server beside each process: /livez, /readyz and /metrics on a port of its own."""

import contextlib
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import generate_latest

from adapters.process import metrics
from adapters.process.logs import logger

Ready = Callable[[], bool]
CHECK_EVERY_S = 5.0
"""Between the end of one check and the start of the next."""
CHECK_AGAIN_S = 0.5
"""The same, while the answer is no: a process that starts is not kept waiting."""
DEGRADED = "ready without"
"""So begins the answer of a process that works, but for a part of what it does."""
CHECK_GOOD_FOR_S = 30.0
"""An older answer counts as no: the check hangs. A call of the object store ends in 25 s."""
REQUEST_S = 10.0
"""A connection that says nothing for so long is closed: each holds a thread."""


class BackgroundCheck:
    """A check that may block, repeated on a thread of its own. `ready` reads the last answer."""

    def __init__(
        self,
        check: Ready,
        good_for_s: float = CHECK_GOOD_FOR_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._check = check
        self._good_for_s = good_for_s
        self._clock = clock
        self._answer = False
        self._answered_at = float("-inf")
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="health-check", daemon=True)

    def start(self) -> "BackgroundCheck":
        """Begin to check, the first time at once. Does not block."""
        self._thread.start()
        return self

    def ready(self) -> bool:
        """The last answer; False before the first, and when the last is too old. Never blocks."""
        return self._answer and self.age_s() < self._good_for_s

    def age_s(self) -> float:
        """Seconds since the last answer; infinite before the first."""
        return self._clock() - self._answered_at

    def close(self) -> None:
        """Stop after the check that runs now. Does not wait for it."""
        self._stop.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            self.run_once()
            self._stop.wait(CHECK_EVERY_S if self._answer else CHECK_AGAIN_S)

    def run_once(self) -> None:
        """Check now. Blocking; an exception of the check is a no, and is logged."""
        try:
            answer = self._check()
        except Exception as error:  # noqa: BLE001 - a dead thread would never answer again
            logger().exception("health_check_failed", error=type(error).__name__)
            answer = False
        self._answer = answer
        self._answered_at = self._clock()


def _nothing() -> str:
    return ""


def serve_on(
    host: str,
    port: int,
    ready: Ready,
    waits_for: Callable[[], str],
    without: Callable[[], str] = _nothing,
) -> ThreadingHTTPServer:
    """Answer on a daemon thread. Port 0 takes any that is free.

    `waits_for` names what a process that is not ready waits for; /readyz answers with it.
    `without` names what a ready one works without; empty: nothing.
    `ready` is called at each /readyz and each /metrics, from several threads. It must not block:
    wrap a check that asks a server in a `BackgroundCheck`.
    """
    metrics.READY.set_function(lambda: float(ready()))

    class Handler(BaseHTTPRequestHandler):
        timeout = REQUEST_S

        def do_GET(self) -> None:
            """Route by path alone."""
            body = self._begun()
            with contextlib.suppress(ConnectionError):  # the probe may hang up first
                self.wfile.write(body)

        def do_HEAD(self) -> None:
            """The same without the body."""
            self._begun()

        def _begun(self) -> bytes:
            """Send status and headers. Return the body."""
            status, body = answer(self.path, ready, waits_for, without)
            self.send_response(status)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            return body

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base names it
            """Log nothing: a probe comes every few seconds."""

    server = ThreadingHTTPServer((host, port), Handler)
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    return server


def answer(
    path: str,
    ready: Ready,
    waits_for: Callable[[], str],
    without: Callable[[], str] = _nothing,
) -> tuple[int, bytes]:
    """Return status and body of one request. `waits_for` is asked when it is not ready."""
    match path:
        case "/livez":
            return 200, b"ok\n"
        case "/readyz":
            return _readiness(ready, waits_for, without)
        case "/metrics":
            return 200, generate_latest(metrics.REGISTRY)
        case _:
            return 404, b"no such page\n"


def _readiness(
    ready: Ready, waits_for: Callable[[], str], without: Callable[[], str]
) -> tuple[int, bytes]:
    if not ready():
        return 503, f"waits for {waits_for()}\n".encode()
    if missing := without():
        return 200, f"{DEGRADED} {missing}\n".encode()
    return 200, b"ready\n"
