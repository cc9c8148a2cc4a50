"""Requests that are not well made, to every route of both documents: a new route is in here.

Each gets a typed refusal that says what to do; never an error of ours, and never silence.
"""

import json
from types import SimpleNamespace
from typing import cast

import pytest

from schemas.days import PERIODS
from schemas.limits import FIRST_DAY, HEAD_BYTES, LAST_DAY, Limit
from tests.served_sides import ROUTES, Answer, Route, Sides

pytestmark = pytest.mark.usefixtures("impatient")
routes = pytest.mark.parametrize("route", ROUTES, ids=str)
with_body = pytest.mark.parametrize(
    "route", [one for one in ROUTES if one.body() is not None], ids=str
)
VALUES = (
    *("%00", "%2F", "a%2Fb", "%2E%2E%2Fx", "%FF", "%ED%A0%80", "%", "%0D%0AX:y", "%E2%80%AE"),
    *("", "%20", "null", "true", "NaN", "[1]", "1;2", "x" * 5_000),
    *("1e5", "+1", "%2B1", "-1", "1.0", "1_0", "%D9%A1", "0" * 30 + "1", "9" * 30),
)
"""In the place of an id, a number or a label. The last ones are numbers that are none."""
PERIODS_THAT_ARE_NONE = (
    *VALUES,
    *("2026-01-02..2026-01-01", "2026-02-30..2026-03-01", "2026-01-01T00:00..2026-01-02"),
    *("0000-00-00..2026-01-01", f"1970-01-01..{LAST_DAY}", f"{FIRST_DAY}..2149-06-06"),
    *("2026-01-01", "2026-01-01..", "..2026-01-01", "2026-W01..2026-W02", "9999-12-31..9999-12-31"),
)
BODIES = {
    "no JSON": b"no json",
    "another kind": b"[]",
    "null": b"null",
    "not a number": b"NaN",
    "a number without end": b"1" * 6_000,
    "infinity": b"1e400",
    "depth": b"[" * 30_000,
    "depth of objects": b'{"a":' * 9_000 + b"1" + b"}" * 9_000,
    "half a character": b'{"name":"\xff"}',
    "half a pair": b'{"name":"\\ud800"}',
    "an unknown field": b'{"surprise":1}',
}
FIELDS = ("NaN", "1e400", "-Infinity", "[[]]", '{"a":{}}', "1" * 400, '"\\ud800"', '"\\u0000"')
TEXTS = ('"+1"', '"1e5"', '"9999-12-31T23:59:59-14:00"', '"0001-01-01T00:00:00+14:00"', '""')
"""Some are good for a name."""


def refused(answer: Answer, *statuses: int) -> None:
    assert 400 <= answer.status < 500, answer.raw[:500]
    assert answer.status in statuses or not statuses, answer.raw[:500]
    answer.problem()


def typed(answer: Answer) -> None:
    """Something that is taken, or a refusal."""
    assert 200 <= answer.status < 300 or answer.problem()["status"] < 500


@routes
def test_parts_of_the_path(route: Route, sides: Sides) -> None:
    for name in route.parameters("path"):
        for value in VALUES:
            refused(sides.ask(route, route.target(**{name: value})))


@routes
def test_numbers_and_choices_of_the_query(route: Route, sides: Sides) -> None:
    for name, schema in route.parameters("query").items():
        if schema.get("type") == "string" and not {"enum", "format"} & set(schema):
            continue  # free text, or a period
        for value in VALUES:
            if schema.get("type") == "boolean" and value == "true":
                continue
            target = route.target(f"{name}={value}", without=name)
            refused(sides.ask(route, target), 422)


def periods() -> list[Route]:
    """Routes with a parameter that is described as a period."""
    return [one for one in ROUTES if PERIODS in json.dumps(one.operation.get("parameters", ()))]


@pytest.mark.parametrize("route", periods(), ids=str)
def test_periods(route: Route, sides: Sides) -> None:
    for value in PERIODS_THAT_ARE_NONE:
        refused(sides.ask(route, route.target(f"period={value}")), 422)
    if route.path != "/v1/leaderboard":  # made for periods with a name
        whole = sides.ask(route, route.target(f"period={FIRST_DAY}..{LAST_DAY}"))
        assert whole.problem()["type"] == "part-away"  # the warehouse was asked


@routes
def test_parameters_that_are_unknown_or_come_twice(route: Route, sides: Sides) -> None:
    """Before, they were passed over: a misspelt period got the numbers of another one."""
    if not route.path.startswith("/v1/"):
        typed_or_away = sides.ask(route, route.target("fbclid=1")).problem()["type"]
        assert typed_or_away == "part-away"  # links get parameters on their way
        return
    refused(sides.ask(route, route.target("surprise=1")), 422)
    for name in route.parameters("query"):
        answer = sides.ask(route, route.target(f"{name}=a", f"{name}=a"))
        refused(answer, 422)
        assert [name] == [one["loc"][1] for one in answer.problem()["errors"]]


@routes
def test_long_queries(route: Route, sides: Sides) -> None:
    long = route.target("x=" + "y" * (HEAD_BYTES.most // 2))
    if route.path.startswith("/v1/"):
        refused(sides.ask(route, long), 422)
    refused(sides.ask(route, long + "y" * HEAD_BYTES.most), 431)


@routes
def test_methods(route: Route, sides: Sides) -> None:
    taken = {one.method for one in ROUTES if (one.side, one.path) == (route.side, route.path)}
    asked = {"OPTIONS", "TRACE", "PROPFIND", "GET", "PUT", "POST", "PATCH", "DELETE"}
    for method in sorted(asked - taken):
        answer = sides.ask(route, method=method)
        if answer.status != 405:
            continue  # the address is one of another route too, as /v1/groups/join
        refused(answer, 405)
        allowed = set(answer.fields()["allow"].split(", "))
        assert taken <= allowed
        assert ("HEAD" in allowed) == ("GET" in allowed)


@routes
def test_head(route: Route, sides: Sides) -> None:
    answer = sides.ask(route, method="HEAD")
    whole = sides.ask(route, method="GET")
    assert (answer.status, answer.raw.partition(b"\r\n\r\n")[2]) == (whole.status, b"")


@routes
def test_fields_of_the_head_that_come_twice(route: Route, sides: Sides) -> None:
    """Before, the first one was taken, and a proxy before us may take the last one."""
    for name in ("Authorization", "Host", "Idempotency-Key", "Content-Type"):
        twice = ((name, "Bearer other"), (name, "Bearer other"))
        answer = sides.ask(route, more=twice)
        refused(answer, 400)
        assert answer.problem()["type"] == "repeated-header"


@with_body
def test_bodies(route: Route, sides: Sides) -> None:
    for content in BODIES.values():
        refused(sides.ask(route, content=content))


@with_body
def test_fields_of_the_body(route: Route, sides: Sides) -> None:
    for name in route.body():
        rest = {one: value for one, value in route.body().items() if one != name}
        for value in (*FIELDS, *TEXTS):
            fields = [*(f"{json.dumps(one)}: {json.dumps(two)}" for one, two in rest.items())]
            content = "{" + ", ".join([*fields, f'"{name}": {value}']) + "}"
            answer = sides.ask(route, content=content.encode())
            typed(answer) if value in TEXTS else refused(answer)


@routes
def test_lengths_that_are_none(route: Route, sides: Sides) -> None:
    for length in ("-1", "+2", "0x2", "2, 2", "1e1", "9" * 20, "2\r\nContent-Length: 3"):
        refused(sides.ask(route, content=b"{}", length=length), 400)
    chunked = "2\r\nTransfer-Encoding: chunked"
    refused(sides.ask(route, content=b"{}", length=chunked), 400)


@routes
def test_a_request_that_is_cut(route: Route, sides: Sides) -> None:
    """Before, the connection ended without a word."""
    content = sides.content(route) or b"{}"
    answer = sides.ask(route, content=content[:-1], length=str(len(content)), ends=True)
    if route.side == "gateway" and route.method != "GET":
        refused(answer)


@pytest.mark.parametrize(
    "route", [one for one in ROUTES if one.side == "gateway" and one.method != "GET"], ids=str
)
def test_a_body_that_comes_too_slowly(
    route: Route, sides: Sides, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.http.bodies.BODY_S", cast(Limit, SimpleNamespace(most=0.05)))
    content = sides.content(route) or b"{}"
    answer = sides.ask(route, content=content[:-1], length=str(len(content)))
    refused(answer, 408)
    assert answer.problem()["retryable"]


@routes
def test_a_body_in_chunks_or_behind_a_question(route: Route, sides: Sides) -> None:
    body = sides.content(route)
    chunked = b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n" if body else b"0\r\n\r\n"
    in_chunks = (("Transfer-Encoding", "chunked"),)
    answer = sides.ask(route, more=in_chunks, content=chunked, length="")
    if route.path.endswith("/chunks/{seq}"):
        refused(answer, 411)
    else:
        assert answer.status in {200, 201, 202} or answer.problem()["type"] != "body-too-slow"
    asked = sides.ask(route, more=(("Expect", "100-continue"),))
    assert asked.status in {200, 201, 202} or asked.problem()["type"] != "body-too-slow"
