"""Whatever an object store answers, it alone is unwell: the work is done again later."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pydantic import SecretStr

from adapters.objects.s3 import S3BlobStore
from adapters.process.retry import TransientError
from adapters.settings import Settings

KEY = "sessions/one/object"
CALLS: dict[str, Callable[[S3BlobStore], object]] = {
    "has": lambda store: store.has(KEY),
    "put": lambda store: store.put(KEY, b"body", "text/plain"),
    "whole": lambda store: store.whole(KEY),
    "keys": lambda store: store.keys("sessions/"),
    "delete": lambda store: store.delete([KEY]),
    "ensure_bucket": lambda store: store.ensure_bucket(),
    "abort_uploads": lambda store: store.abort_uploads("sessions/"),
}


STATUSES = (301, 400, 401, 403, 405, 408, 409, 412, 429, 500, 501, 502, 503, 504, 507)
CONFLICT = b"<Error><Code>OperationAborted</Code><Message>Try again.</Message></Error>"
ODD_BODIES = {
    "conflict": CONFLICT,
    "cut": CONFLICT[:20],
    "no-code": b"<Error></Error>",
    "a-page": b"<html><body>Bad gateway<br></body></html>",
    "not-utf-8": b"<Error><Code>\xff\xfe</Code></Error>",
    "blank": b" ",
}


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("call", CALLS)
def test_an_answer_that_is_no_success_is_transient(call: str, status: int) -> None:
    """Before, 500 to HEAD was an error of the message: a good window became a dead letter."""
    with _answering(status) as store, pytest.raises(TransientError):
        CALLS[call](store)


@pytest.mark.parametrize("body", ODD_BODIES)
@pytest.mark.parametrize("call", CALLS)
def test_so_is_one_whose_body_is_odd(call: str, body: str) -> None:
    """Before, an error that was cut off on its way was an error of the message."""
    with _answering(409, ODD_BODIES[body]) as store, pytest.raises(TransientError):
        CALLS[call](store)


@pytest.mark.parametrize("body", ODD_BODIES)
def test_so_is_a_list_that_is_none(body: str) -> None:
    with _answering(200, ODD_BODIES[body]) as store, pytest.raises(TransientError):
        store.keys("sessions/")


@pytest.mark.parametrize("status", [200, 403, 503])
def test_any_answer_says_what_time_it_is(status: int) -> None:
    date = {"Date": "Fri, 27 Nov 2026 10:00:05 GMT"}
    with _answering(status, headers=date) as store:
        assert store.now_ms() == 1_795_773_605_000


@pytest.mark.parametrize("date", ["", "tomorrow", "Fri, 99 Nov 2026 10:00:05 GMT"])
def test_an_answer_without_a_time_is_transient(date: str) -> None:
    with _answering(200, headers={"Date": date}) as store, pytest.raises(TransientError):
        store.now_ms()


@contextmanager
def _answering(
    status: int, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> Iterator[S3BlobStore]:
    """A store that answers every request so. Without `headers` no answer says a time."""
    with serving(status, body, headers) as settings:
        yield S3BlobStore(settings)


@contextmanager
def serving(
    status: int, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> Iterator[Settings]:
    """The same, as the settings with which it is reached."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response_only(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Type", "application/xml")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = answer  # noqa: N815 - their names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield _settings(server.server_port)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _settings(port: int) -> Settings:
    return Settings(s3_endpoint=f"127.0.0.1:{port}", s3_secret_key=SecretStr("no secret"))
