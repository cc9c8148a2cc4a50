"""Requests with so much of each limited thing, and the whole inside that they pass."""

import io
import wave
from collections.abc import Callable
from datetime import date
from typing import Any, cast
from uuid import uuid4

import httpx

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
from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.limits import Limit
from tests.gateway_fakes import Client
from tests.guide.memory_stack import MemoryStack
from tests.memory_blob_store import MemoryBlobStore
from tests.read_side import EveryoneIsMei
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
