"""The least and the most that a limit accepts passes the whole inside, and ClickHouse keeps it.

One beyond gets a 4xx. The inside is the product's own: routes, folds, steps and the sink, with a
ClickHouse server at its end. Only the models are scripted.
"""

import io
import wave
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, cast
from uuid import uuid4

import httpx
import pytest
from fastapi import Request

from adapters.http.fields import ZONES
from adapters.http.tokens import UserTokens
from adapters.warehouse import Warehouse
from api.app import build
from api.dependencies import provide
from api.main import services
from api.shares import drawing
from consumers.runtime.outcome import Record
from consumers.sink.step import Sink
from schemas import limits, stages, topics
from schemas.codec import decode, encode
from schemas.days import day_of
from schemas.event import Event
from schemas.ids import UserId
from schemas.limits import Limit
from schemas.topics import Topic
from tests.gateway_fakes import Client
from tests.guide.memory_stack import MemoryStack
from tests.integration.served import filled
from tests.memory_blob_store import MemoryBlobStore
from tests.write_side import NOW_MS, OWNER, SESSION, WriteSide, sound, start_body

REQUESTED = (
    topics.INBOUND,
    topics.CLAIMS_REQUESTED,
    topics.GROUPS_REQUESTED,
    topics.USERS_REQUESTED,
)
WIDE = "\U0001f602"
"""Four bytes in UTF-8."""
Answer = httpx.Response


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with filled(tmp_path_factory.mktemp("limits")) as served:
        yield served


class EveryoneIsMei:
    """Tokens that are always Mei's."""

    async def user(self, request: Request) -> UserId:
        return UserId("mei")


class Edge:
    """Both sides. All that follows from a request has happened when its answer comes."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.stack = MemoryStack()
        self.side = WriteSide(self._decide)
        self._sink = Sink(warehouse, lambda: NOW_MS)
        app = build()
        tokens = cast(UserTokens, EveryoneIsMei())
        objects = cast(Any, MemoryBlobStore())
        door = cast(Any, None)
        day = date(2026, 11, 24)
        provide(app, services(warehouse, objects, tokens, door, lambda: day, drawing.png))
        self._reader = Client(app)

    def _decide(self, event: Event) -> list[Event]:
        for key, body in self.side.blobs.contents().items():
            self.stack.blobs.put(key, body, "audio/flac")
        before = len(self.stack.log)
        topic = next(topic for topic in REQUESTED if type(event) in topic.events)
        self.stack.publish(topic, event)
        new = self.stack.log[before:]
        assert self.stack.dead_letters == []
        self._keep(new)
        return [event for _, event in new]

    def _keep(self, said: list[tuple[Topic, Event]]) -> None:
        """Write the rows, from the bytes that were on the topics."""
        reads = stages.BY_NAME["sink"].reads
        self._sink.process(
            [
                Record(topic, 0, number, decode(topic, encode(event)))
                for number, (topic, event) in enumerate(said)
                if topic in reads
            ]
        )

    def call(self, method: str, path: str, body: Any, user: str = OWNER) -> Answer:
        """A request with a key of its own."""
        return self.side.call(method, path, body, user, str(uuid4()))

    def start(self, session_id: str = SESSION, **changes: object) -> Answer:
        """PUT the session."""
        return self.call("PUT", f"/v1/sessions/{session_id}", start_body(**changes))

    def chunk(
        self, seq: int = 0, start_ms: int = 0, duration_ms: int = 1, size: int = 100, **more: str
    ) -> Answer:
        """PUT a chunk of a session that was started."""
        token = self.start().json()["upload_token"]
        headers = {
            "Lah-Start-Ms": str(start_ms),
            "Lah-Duration-Ms": str(duration_ms),
            **{name.replace("_", "-"): text for name, text in more.items()},
        }
        content = sound(max(1, duration_ms)) if size == 100 else sized(size)
        return self.side.upload(seq, content, token, headers)

    def complete(self, chunks: int) -> Answer:
        """POST the end of a session that has a chunk of 30 s."""
        headers = {"Authorization": f"Bearer {self.start().json()['upload_token']}"}
        self.chunk(duration_ms=30_000)
        path = f"/v1/sessions/{SESSION}/complete"
        return self.side.client.request("POST", path, json={"chunks": chunks}, headers=headers)

    def about_session(self, path: str, body: Any) -> Answer:
        """POST something about a session whose speakers are known."""
        self.complete(1).raise_for_status()
        return self.call("POST", f"/v1/sessions/{SESSION}/{path}", body)

    def read(self, path: str, headers: dict[str, str] | None = None, **query: object) -> Answer:
        """GET from the read side."""
        return self._reader.request("GET", path, params=query, headers=headers)


MOMENT = 48 * 4 * 10
"""Bytes of 10 ms."""


def sized(size: int) -> bytes:
    """A WAV file of so many bytes, as far as one can be so small."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((2, 2, 48_000, 0, "NONE", ""))
        file.writeframes(bytes(max(MOMENT, size - 44)))
    return out.getvalue() if size else b""


def whole_session(edge: Edge, length_ms: int) -> Answer:
    duration_ms = min(length_ms, limits.CHUNK_DURATION_MS.most)
    return edge.chunk(start_ms=length_ms - duration_ms, duration_ms=duration_ms)


def padded(edge: Edge, size: int) -> Answer:
    body = b'{"name": "Friday"}'.ljust(size)
    headers = {"Authorization": "Bearer owner", "Content-Type": "application/json"}
    return edge.side.client.request("POST", "/v1/groups", content=body, headers=headers)


def named(edge: Edge, length: int) -> Answer:
    """Everywhere that a name is typed."""
    name = WIDE * length
    edge.call("PATCH", "/v1/users/me", {"display_name": name})
    guest = {"speaker": "S1", "claim": "guest", "guest_name": name}
    edge.about_session("claims", guest)
    return edge.call("POST", "/v1/groups", {"name": name})


def of_user(edge: Edge, length: int) -> Answer:
    """A member of that id becomes the owner of a group."""
    group = edge.call("POST", "/v1/groups", {"name": "Friday"}).json()
    member = "u" * length
    if limits.USER_ID.holds(length):
        code = {"invite_code": group["invite_code"]}
        edge.call("POST", "/v1/groups/join", code, member).raise_for_status()
    return edge.call("POST", f"/v1/groups/{group['group_id']}/owner", {"user_id": member})


def claimed(edge: Edge, length: int) -> Answer:
    return edge.about_session("claims", {"speaker": "S" * length, "claim": "self"})


def started_in(edge: Edge, length: int) -> Answer:
    return edge.start(group_id="g" * length)


def consented(edge: Edge, length: int) -> Answer:
    consent = {"text_version": WIDE * length, "agreed_at": "2025-11-24T12:00:00Z"}
    return edge.start(consent=consent)


def judged(edge: Edge, length: int) -> Answer:
    said_at = "2025-11-24T12:00:07Z"
    verdict = {"speaker": "S1", "word": "l" * length, "said_at": said_at, "verdict": "struck"}
    return edge.about_session("counts", verdict)


def cursor(length: int) -> str:
    """As long as that: a time, and the beginning of an id; empty for nothing."""
    return ("9" * 13 + "-" + "a" * 99)[:length]


def ids(count: int) -> str:
    return ",".join(str(uuid4()) for _ in range(count))


PROBES: dict[Limit, Callable[[Edge, int], Answer]] = {
    limits.SESSION_MS: whole_session,
    limits.CHUNKS: lambda edge, n: edge.complete(n),
    limits.CHUNK_NUMBER: lambda edge, n: edge.chunk(seq=n),
    limits.CHUNK_START_MS: lambda edge, n: edge.chunk(start_ms=n),
    limits.CHUNK_DURATION_MS: lambda edge, n: edge.chunk(duration_ms=n),
    limits.CHUNK_BYTES: lambda edge, n: edge.chunk(size=n),
    limits.JSON_BYTES: padded,
    limits.CORRECTION: lambda edge, n: edge.about_session(f"corrections/{n}/undo", {}),
    limits.HINT: lambda edge, n: edge.about_session("hints", {"speakers": n}),
    limits.TRANSCRIPT_DAYS: lambda edge, n: edge.start(keep_transcript_days=n),
    limits.NAME: named,
    limits.COUNTED_WORD: judged,
    limits.QR: lambda edge, n: edge.read("/v1/qr", text="x" * n),
    limits.USER_ID: of_user,
    limits.GROUP_ID: started_in,
    limits.SPEAKER_LABEL: claimed,
    limits.CONSENT_TEXT: consented,
    limits.INVITE_CODE: lambda edge, n: edge.call(
        "POST", "/v1/groups/join", {"invite_code": "K" * n}
    ),
    limits.SEARCH: lambda edge, n: edge.read("/v1/users/search", q=WIDE * n),
    limits.PAGE: lambda edge, n: edge.read("/v1/sessions", limit=n),
    limits.TREND: lambda edge, n: edge.read("/v1/users/me/trends", granularity="month", limit=n),
    limits.COMPARED: lambda edge, n: edge.read("/v1/sessions/compare", session_ids=ids(n)),
    limits.CURSOR: lambda edge, n: edge.read("/v1/sessions", cursor=cursor(n)),
    limits.TAGS: lambda edge, n: edge.read("/v1/users/me/wrapped", {"If-None-Match": "x" * n}),
}
"""A request with so much of the limited thing."""
LEAST = {limits.CHUNK_BYTES: 12, limits.JSON_BYTES: 18}
"""The least that is also something: audio, and a group."""
KNOWN_NOT = frozenset({404, 409})
"""Nobody has such a thing, which is no matter of limits."""
ELSEWHERE = frozenset(
    {
        limits.TIME_ZONE,  # all of them: below
        limits.RECORDED,  # beyond it a time is corrected: tests/unit/test_limits.py
        limits.PERIOD,  # below
        limits.SESSION_IDS,  # COMPARED is less than that
        limits.EVENT_ID,  # of streams: tests/unit/test_session_changes.py
        limits.STREAMS,
        # Nothing of it is kept: it names a row.
        limits.CHANGE,
        # Of connections: test_edge.py.
        limits.HEAD_BYTES,
        limits.HEAD_S,
        limits.BODY_S,
        limits.BODY_RATE,
        limits.REST_S,
        limits.ANSWER_S,
        limits.IDLE_S,
        limits.CONNECTIONS,
        limits.CONNECTIONS_OF_CLIENT,
    }
)
NAMES = {limit: limit.about for limit in PROBES}


def test_every_limit_is_probed() -> None:
    assert set(PROBES) | ELSEWHERE == set(limits.TABLE)


@pytest.mark.parametrize("limit", PROBES, ids=NAMES.__getitem__)
@pytest.mark.parametrize("end", ["least", "most"])
def test_the_inside_holds_what_the_edge_accepts(
    warehouse: Warehouse, limit: Limit, end: str
) -> None:
    size = LEAST.get(limit, limit.least) if end == "least" else limit.most
    answer = PROBES[limit](Edge(warehouse), size)
    assert answer.is_success or answer.status_code in KNOWN_NOT, answer.text


@pytest.mark.parametrize("limit", PROBES, ids=NAMES.__getitem__)
@pytest.mark.parametrize("end", ["least", "most"])
def test_one_beyond_is_refused(warehouse: Warehouse, limit: Limit, end: str) -> None:
    size = limit.least - 1 if end == "least" else limit.most + 1
    if end == "least" and (limit.unit in ("bytes", "characters") and size < 1):
        return  # nothing is less than nothing; an empty text is refused by tests/unit
    answer = PROBES[limit](Edge(warehouse), size)
    assert answer.status_code in (413, 415, 422), answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_the_warehouse_knows_every_time_zone(warehouse: Warehouse) -> None:
    """`localtime` was accepted before: a file of one machine, which ClickHouse has not."""
    rows = warehouse.query("SELECT time_zone FROM system.time_zones")
    assert {str(row["time_zone"]) for row in rows} >= ZONES
    assert limits.TIME_ZONE.most >= max(map(len, ZONES))
    edge = Edge(warehouse)
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12", max(ZONES, key=len)):
        assert edge.start(time_zone=zone).status_code == 201
        assert day_of(NOW_MS, zone)
        assert warehouse.query("SELECT toTimezone(now(), {zone:String}) AS t", {"zone": zone})


@pytest.mark.parametrize("first", [limits.FIRST_DAY, limits.LAST_DAY])
@pytest.mark.parametrize("path", ["users/me/stats", "users/me/wrapped", "users/me/wrapped/card"])
def test_the_first_and_the_last_day_can_be_asked_for(
    warehouse: Warehouse, first: date, path: str
) -> None:
    edge = Edge(warehouse)
    for period in (f"{first}..{first}", f"{limits.FIRST_DAY}..{limits.LAST_DAY}"):
        assert limits.PERIOD.holds(len(period))
        assert edge.read(f"/v1/{path}", period=period).status_code == 200
    for period in ("1970-01-01..1970-01-02", "2149-06-05..2149-06-06", "x" * 23, ""):
        assert edge.read(f"/v1/{path}", period=period).status_code == 422


def test_a_corrected_session_is_kept_and_shown(warehouse: Warehouse) -> None:
    edge = Edge(warehouse)
    session_id = str(uuid4())
    answer = edge.start(session_id, recorded_at="1970-01-01T00:00:00Z")
    assert answer.json()["clock_corrected"]
    rows = warehouse.query(
        "SELECT clock_corrected, toUnixTimestamp64Milli(recorded_at) AS ms FROM sessions FINAL"
        " WHERE session_id = {session:String}",
        {"session": session_id},
    )
    assert [(row["clock_corrected"], row["ms"]) for row in rows] == [(True, NOW_MS)]


@pytest.mark.parametrize("blank", [" ", "\u3000", "\t", " \u00a0 "])
def test_blanks_find_nobody(warehouse: Warehouse, blank: str) -> None:
    """A search for no part of a name would find everybody who agreed to be found."""
    assert Edge(warehouse).read("/v1/users/search", q=blank).status_code == 422


def test_wide_blanks_are_blanks(warehouse: Warehouse) -> None:
    """Keyboards for Chinese write them between two names."""
    assert Edge(warehouse).read("/v1/users/search", q="Tan\u3000Ah").status_code == 200


@pytest.mark.parametrize("text", ["a\\b", "a'b", "{q:String}", "a%b", "\u05d0\u05d1"])
def test_odd_text_is_searched_as_it_is(warehouse: Warehouse, text: str) -> None:
    edge = Edge(warehouse)
    assert edge.read("/v1/users/search", q=text).status_code == 200
    assert edge.read("/v1/sessions", status=text).status_code == 422
    assert edge.read("/v1/sessions", cursor=text).status_code == 422
