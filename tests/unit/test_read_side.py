"""The routes of the read side without servers: who is calling, what is away, what is current."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import date
from itertools import islice
from typing import Any, NoReturn

import httpx
import pytest

from adapters.http.page_sessions import PAGE_HEADER
from adapters.http.problems import not_found
from adapters.http.turns import Turns
from adapters.process.retry import TransientError
from adapters.warehouse import Parameters, R
from api.date_range import DateRange
from api.main import services
from api.my_data.service import SessionIdRow
from api.read_slots import ReadSlots
from api.sessions.bounded_objects import BoundedObjects, StoreAwayError
from schemas.event import Pointer
from schemas.ids import SessionId, UserId
from tests.read_side import BODY, EVENTS, SESSION, Caller, Failing, OneWrapped


def test_a_wrapped_comes_with_its_tag_and_only_once() -> None:
    cache = OneWrapped()
    asking = Caller(wrapped=cache)
    first = asking.get("/v1/users/me/wrapped?period=month")
    assert (first.status_code, first.content) == (200, BODY)
    assert first.headers["Cache-Control"] == "private, no-cache"
    tag = first.headers["ETag"]
    again = asking.get("/v1/users/me/wrapped", headers={"If-None-Match": f'"old", W/{tag}'})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    other = asking.get("/v1/users/me/wrapped", headers={"If-None-Match": '"old"'})
    assert other.status_code == 200
    assert cache.days[:2] == [
        DateRange(date(2026, 11, 1), date(2026, 11, 30)),
        DateRange(date(2026, 1, 1), date(2026, 12, 31)),
    ]


@pytest.mark.parametrize(
    "period",
    [
        "soon",
        "2026-02-30..2026-03-01",
        "2026-02-02..2026-02-01",
        "2026-W01-1..2026-W02-1",
        "20260101..20260301",
    ],
)
def test_what_is_no_period_is_refused(period: str) -> None:
    answer = Caller(wrapped=OneWrapped()).get(f"/v1/users/me/wrapped?period={period}")
    assert (answer.status_code, answer.json()["type"]) == (422, "bad-period")


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (TransientError("clickhouse is away"), 503, "part-away"),
        (StoreAwayError("the store is away"), 503, "part-away"),
    ],
)
def test_what_a_service_raises_is_answered(error: Exception, status: int, kind: str) -> None:
    path = "/v1/sessions/019abcde-0000-7000-8000-00000000000a/transcript"
    answer = Caller(sessions=Failing(error)).get(path)
    assert (answer.status_code, answer.json()["type"]) == (status, kind)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["retryable"] == (status == 503)
    assert ("Retry-After" in answer.headers) == (status == 503)


def test_an_event_stream_that_cannot_begin_says_when_to_come_back() -> None:
    """Not a 503: a browser's EventSource that meets one never comes back."""
    answer = Caller(sessions=Failing(TransientError("away"))).get(EVENTS)
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (
        200,
        "text/event-stream",
    )
    assert answer.text.startswith("event: unavailable\n")
    assert "\nretry: " in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_an_event_stream_of_nothing_is_an_error_and_no_stream() -> None:
    answer = Caller(sessions=Failing(not_found())).get(EVENTS)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


class Hanging:
    """A service that does not answer until it is let go."""

    def __init__(self) -> None:
        self.let_go = threading.Event()

    def __getattr__(self, name: str) -> Callable[..., object]:
        def hang(*_: object) -> object:
            assert self.let_go.wait(30)
            raise TransientError("clickhouse is away")

        return hang


def test_readers_that_wait_hold_up_nobody_who_does_not_read() -> None:
    hanging = Hanging()
    slots = ReadSlots(most=4, most_of_caller=3, admission_s=0.05)
    asking = Caller(sessions=hanging, slots=slots)

    async def ask() -> None:
        async with asking.client() as client:
            reads = [asyncio.create_task(client.get(SESSION)) for _ in range(60)]
            first = islice(asyncio.as_completed(reads, timeout=30), len(reads) - 3)
            refused = [await one for one in first]
            waiting = [read for read in reads if not read.done()]
            assert {one.status_code for one in refused} == {503}
            assert {one.json()["type"] for one in refused} == {"busy"}
            assert all("Retry-After" in one.headers for one in refused)
            assert len(waiting) == 3  # of one caller
            async with asyncio.timeout(30):
                page = await client.get("/wrapped")
            assert page.status_code == 200
            hanging.let_go.set()
            answers = await asyncio.gather(*waiting)
            assert {one.json()["type"] for one in answers} == {"part-away"}

    asyncio.run(ask())


def test_a_code_for_cameras_is_drawn_in_a_slot() -> None:
    """Its drawing computes: on the event loop a person's codes would hold up everybody."""
    code = "/v1/qr?text=lah"
    assert Caller().get(code).headers["content-type"] == "image/svg+xml"
    none_free = ReadSlots(most=1, most_of_caller=0, admission_s=0.01)
    assert Caller(slots=none_free).get(code).json()["type"] == "busy"


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "begin"), ("GET", "callback"), ("POST", "renew")],
)
def test_sign_ins_of_an_address_wait_for_one_another(method: str, path: str) -> None:
    """Each may wait for the provider. With all threads no token of others would be verified."""
    none_free = Turns(most=1, most_of_caller=0, admission_s=0.01)
    asking = Caller(sign_ins=none_free)

    async def ask() -> httpx.Response:
        async with asking.client() as client:
            return await client.request(method, f"/auth/{path}", headers={PAGE_HEADER: "1"})

    answer = asyncio.run(ask())
    assert (answer.status_code, answer.json()["type"]) == (503, "busy")


class Store:
    """An object store in which a read ends when it is let go."""

    def __init__(self) -> None:
        self.let_go = threading.Event()

    def get(self, pointer: Pointer) -> bytes:
        return self._away()

    def keys(self, prefix: str) -> list[str]:
        return self._away()

    def whole(self, key: str) -> tuple[bytes, str]:
        return self._away()

    def presign(self, key: str) -> str:
        return key

    def _away(self) -> NoReturn:
        assert self.let_go.wait(30)
        raise TransientError("object store is away")


WANTED = Pointer(key="words/s", sha256="0" * 64, size=1)


@pytest.mark.parametrize(
    "read",
    [
        lambda objects: objects.get(WANTED),
        lambda objects: objects.keys("audio/s/"),
        lambda objects: objects.whole("audio/s/0"),
    ],
    ids=["get", "keys", "whole"],
)
def test_a_store_that_hangs_holds_few_threads(read: Callable[[BoundedObjects], object]) -> None:
    store = Store()
    objects = BoundedObjects(store, most=2, turn_s=0.01)
    with ThreadPoolExecutor(6) as threads:
        reads = [threads.submit(read, objects) for _ in range(6)]
        refused = list(islice(as_completed(reads, timeout=30), 4))
        assert len(refused) == 4
        assert sum(not one.done() for one in reads) == 2
        store.let_go.set()
        errors = {type(one.exception(timeout=30)) for one in reads}
    assert errors == {StoreAwayError}


class OneSession:
    """A warehouse in which everybody has recorded one session, and nothing else is."""

    def query(self, sql: str, parameters: Parameters | None = None, *, row: type[R]) -> list[R]:
        return [row(SessionId("s"))] if row is SessionIdRow else []


def test_whoever_wants_their_own_data_is_told_which_server_is_away() -> None:
    store = Store()
    store.let_go.set()
    unused: Any = None
    made = services(OneSession(), store, unused, unused, unused, unused)
    with pytest.raises(StoreAwayError):
        made.my_data.file(UserId("mei"))
