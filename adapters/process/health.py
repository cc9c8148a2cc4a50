"""A small HTTP server beside each process: /livez, /readyz and /metrics on a port of its own."""

import contextlib
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import generate_latest

from adapters.process import metrics

Ready = Callable[[], bool]


def serve(host: str, port: int, ready: Ready) -> ThreadingHTTPServer | None:
    """Answer on a daemon thread; None when `port` is 0. `ready` is asked at each /readyz and must not block."""
    if not port:
        return None

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Route by path alone."""
            status, body = _answer(self.path, ready)
            self.send_response(status)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(ConnectionError):  # the probe may hang up first
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
            """Probes are not news."""

    server = ThreadingHTTPServer((host, port), Handler)
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    return server


def _answer(path: str, ready: Ready) -> tuple[int, bytes]:
    match path:
        case "/livez":
            return 200, b"ok\n"
        case "/readyz":
            is_ready = ready()
            metrics.READY.set(is_ready)
            return (200, b"ready\n") if is_ready else (503, b"not ready\n")
        case "/metrics":
            return 200, generate_latest(metrics.REGISTRY)
        case _:
            return 404, b"no such page\n"
