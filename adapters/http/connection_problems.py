"""Refusals of a connection, and of what comes on it before it is a request."""

import json
from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from adapters.http.problems import HttpProblem, content_of
from schemas.limits import HEAD_BYTES, HEAD_S

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
CUT = HttpProblem(
    HTTPStatus.BAD_REQUEST,
    "request-cut",
    "Request cut",
    "The connection ended before the request did: send all of it again, with its Content-Length.",
    retryable=True,
)
NO_HTTP = HttpProblem(
    HTTPStatus.BAD_REQUEST,
    "no-http",
    "No HTTP",
    "This is no request of HTTP/1.1. In an address blanks and letters beyond ASCII are escaped.",
)


def answer_of(problem: HttpProblem) -> bytes:
    """All bytes of the answer. The connection ends with it."""
    body = json.dumps(content_of(problem)).encode()
    headers = {
        "content-type": "application/problem+json",
        "content-length": str(len(body)),
        "connection": "close",
        **(problem.headers or {}),
    }
    lines = [f"{name}: {value}\r\n".encode() for name, value in headers.items()]
    return b"".join([STATUS_LINE[problem.status], *lines, b"\r\n", body])
