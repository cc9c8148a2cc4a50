"""A field that comes in several lines is one list, wherever it is read."""

import asyncio
from typing import Any

import pytest
from fastapi import Request

from adapters.http.single_fields import SingleFields
from tests.read_side import Caller, OneWrapped

OLD = ("If-None-Match", '"old"')


def shown(path: str, *lines: tuple[str, str]) -> tuple[int, str]:
    """The status of the answer, and how it is encoded."""
    answer = Caller(wrapped=OneWrapped()).get(path, headers=lines)
    return answer.status_code, answer.headers.get("Content-Encoding", "")


@pytest.mark.parametrize("path", ["/", "/v1/users/me/wrapped"])
def test_tags_in_two_lines_are_one_list(path: str) -> None:
    """Before, one of the lines was read, and which one differed from page to page."""
    tag = ("If-None-Match", Caller(wrapped=OneWrapped()).get(path).headers["ETag"])
    encoding = ("Accept-Encoding", "gzip")
    assert shown(path, encoding, OLD, tag)[0] == 304
    assert shown(path, encoding, tag, OLD)[0] == 304
    assert shown(path, encoding, OLD, OLD)[0] == 200


@pytest.mark.parametrize("order", [1, -1])
def test_encodings_in_two_lines_are_one_list(order: int) -> None:
    lines = [("Accept-Encoding", "br"), ("Accept-Encoding", "gzip")][::order]
    assert shown("/", *lines) == (200, "gzip")


@pytest.mark.parametrize("order", [1, -1])
def test_kinds_of_answers_in_two_lines_are_one_list(order: int) -> None:
    lines = [("Accept", "application/json"), ("Accept", "text/html")][::order]
    answer = Caller().get("/no-such-page", headers=lines)
    assert answer.headers["Content-Type"].startswith("text/html")


def test_cookies_in_two_lines_are_one_list() -> None:
    """A browser may send them so over HTTP/2."""
    found: list[dict[str, str]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        found.append(Request(scope).cookies)

    lines = [(b"cookie", b"a=1; b=2"), (b"accept", b"*/*"), (b"Cookie", b"c=3")]
    scope = {"type": "http", "headers": lines}
    asyncio.run(SingleFields(app)(scope, *[None] * 2))  # type: ignore[arg-type]
    assert found == [{"a": "1", "b": "2", "c": "3"}]
