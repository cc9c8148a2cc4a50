"""The HTTP face: authentication, headers, one answer or a stream of blocks.

Loopback only: there is no TLS.
"""

import base64
import hmac
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import BinaryIO, cast
from urllib.parse import parse_qsl, urlsplit

from deploy.devstack.chdb_server import bodies, execution
from deploy.devstack.chdb_server.engine import Engine, EngineError
from deploy.devstack.chdb_server.protocol import Request, parse

BAD_REQUESTS = (27, 36, 43, 47, 53, 62, 271, 638)
STATUS = dict.fromkeys(BAD_REQUESTS, 400) | {
    60: 404,
    81: 404,
    115: 404,
    159: 408,
    164: 403,
    193: 401,
    202: 503,
    373: 423,
    497: 403,
    516: 403,
}
"""HTTP status by ClickHouse's error code; 500 for the rest."""
OCTETS = "application/octet-stream"


@dataclass(frozen=True)
class User:
    """Somebody who may ask."""

    password: str
    readonly: bool


class Server(ThreadingHTTPServer):
    """One thread a request; clients keep connections open, so threads do not hold up the exit."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        address: tuple[str, int],
        engine: Engine,
        users: Mapping[str, User],
    ) -> None:
        super().__init__(address, Handler)
        self.engine = engine
        self.users = users


class Handler(BaseHTTPRequestHandler):
    """GET, HEAD and POST of ClickHouse's HTTP interface."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer one request.

        Every failure is answered in ClickHouse's form, except that of a client that went away.
        """
        url = urlsplit(self.path)
        params = dict(parse_qsl(url.query, keep_blank_values=True))
        try:
            body = bodies.read(self.headers, cast(BinaryIO, self.rfile))
            if url.path in ("/ping", "/replicas_status") or (
                self.command == "GET" and "query" not in params
            ):
                self._reply(200, b"Ok.\n")
            else:
                readonly = self._authenticate(params) or self.command == "GET"
                self._run(
                    parse(
                        params, body, self.headers.get("Content-Type") or "", self._default_format()
                    ),
                    readonly,
                )
        except (ConnectionError, TimeoutError):
            self.close_connection = True
        except Exception as error:  # noqa: BLE001 - a server answers with any error
            self._fail(error)

    do_POST = do_HEAD = do_GET  # noqa: N815 - the names that http.server calls

    @property
    def _served(self) -> Server:
        return cast(Server, self.server)

    def _default_format(self) -> str:
        return self.headers.get("X-ClickHouse-Format") or "TabSeparated"

    def _authenticate(self, params: Mapping[str, str]) -> bool:
        user = params.get("user", "")
        password = params.get("password", "")
        if (basic := self.headers.get("Authorization") or "").startswith("Basic "):
            user, _, password = base64.b64decode(basic[6:]).decode().partition(":")
        user = self.headers.get("X-ClickHouse-User") or user or "default"
        password = self.headers.get("X-ClickHouse-Key") or password
        known = self._served.users.get(user)
        if known is None or not hmac.compare_digest(known.password.encode(), password.encode()):
            raise EngineError(
                f"Code: 516. DB::Exception: {user}: Authentication failed. (AUTHENTICATION_FAILED)"
            )
        return known.readonly

    def _run(self, request: Request, readonly: bool) -> None:
        headers = {
            "X-ClickHouse-Server-Display-Name": "chdb",
            "X-ClickHouse-Query-Id": request.params.get("query_id") or secrets.token_hex(16),
            "X-ClickHouse-Timezone": self._served.engine.time_zone,
        }
        if request.is_read:
            headers["X-ClickHouse-Format"] = request.format
        with execution.prepared(
            self._served.engine, request, readonly, self.headers.get("X-ClickHouse-Database")
        ) as handle:
            if request.streams:
                self._stream(execution.stream(handle, request), headers)
                return
            answer = execution.run(handle, request)
        headers["Content-Type"] = OCTETS
        headers["X-ClickHouse-Summary"] = _summary(answer, request)
        self._reply(200, answer.body, headers)

    def _stream(self, blocks: Iterator[bytes], headers: Mapping[str, str]) -> None:
        block = next(blocks, None)  # an error before the first block is still a clean HTTP error
        tag = secrets.token_hex(8)
        self.send_response(200)
        for name, value in {
            **headers,
            "Content-Type": OCTETS,
            "Transfer-Encoding": "chunked",
            "X-ClickHouse-Exception-Tag": tag,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            while block is not None:
                self._chunk(block)
                block = next(blocks, None)
        except (ConnectionError, TimeoutError):
            raise
        except Exception as error:  # noqa: BLE001 - the status line is out: a tagged trailer
            self._chunk(_trailer(error, tag.encode()))
        self.wfile.write(b"0\r\n\r\n")

    def _chunk(self, block: bytes) -> None:
        if block:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(block), block))

    def _fail(self, error: Exception) -> None:
        code, message = execution.explain(error)
        body = f"{message} (version {self._served.engine.version})\n".encode()
        self._reply(
            STATUS.get(code, 500),
            body,
            {"X-ClickHouse-Exception-Code": str(code)},
        )

    def _reply(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        named = {
            "Content-Type": "text/plain; charset=UTF-8",
            "Content-Length": str(len(body)),
            **(headers or {}),
        }
        for name, value in named.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class has it
        """Queries may hold names: none is logged."""


def _summary(answer: execution.Answer, request: Request) -> str:
    result_rows = answer.read_rows if request.is_read else answer.written_rows
    return json.dumps(
        {
            "read_rows": str(answer.read_rows),
            "written_rows": str(answer.written_rows),
            "result_rows": str(result_rows),
            "elapsed_ns": str(answer.elapsed_ns),
        }
    )


def _trailer(error: Exception, mark: bytes) -> bytes:
    """The error as the last block of a stream, between marks that no data has."""
    _, message = execution.explain(error)
    text = message.encode() + b"\n"
    end = b"%b%d %b" % (text, len(text), mark)
    return b"\r\n__exception__\r\n%b\r\n%b\r\n__exception__\r\n" % (mark, end)
