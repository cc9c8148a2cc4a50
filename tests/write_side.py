"""The write side with recording fakes behind it, for tests of its routes and writes."""

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any

import httpx
import numpy as np
from pydantic import SecretStr

from adapters.http.rates import Rates
from adapters.http.tokens import UploadTokens
from adapters.http.turns import Turns
from adapters.media import encode_flac
from adapters.process.clock import Clock
from adapters.settings import Settings
from producers.gateway.chunk_audio import AudioCheck, Measures
from producers.gateway.chunk_ingest import ChunkIngest
from producers.gateway.chunk_numbers import ChunkNumbers
from producers.gateway.dependencies import Services, provide
from producers.gateway.directory import Directory
from producers.gateway.held_uploads import HeldUploads
from producers.gateway.ingest import Ingest
from producers.gateway.invites import Invites
from producers.gateway.request_keys import RequestKeys
from producers.gateway.responses import MOST_WAITING, MOST_WAITING_OF_CALLER
from schemas.audio import SAMPLES_PER_MS
from schemas.event import Event
from schemas.ids import SessionId, UserId
from schemas.session_events import State
from schemas.session_rows import SessionListing
from tests.applications import write_side
from tests.gateway_fakes import (
    Client,
    MeasuredHere,
    NamedUsers,
    RecordingBlobStore,
    RecordingPublisher,
)
from tests.memory_blob_store import AwaitableMemoryBlobs

NOW_MS = 1_764_000_000_000
SESSION = SessionId("0192f3c4-5b6a-7c8d-9e0f-112233445566")
KEY = "3f2b8c1e-7a54-4d0b-9c36-5e8f1a2b3c4d"
OTHER_KEY = "3f2b8c1e-7a54-4d0b-9c36-5e8f1a2b3c4e"
OWNER = UserId("owner")
SECRET = "s" * 32


@cache
def sound(ms: int) -> bytes:
    """A FLAC file of so many milliseconds."""
    return encode_flac(np.zeros(ms * SAMPLES_PER_MS, np.int16))


FLAC = sound(30_000)


class WriteSide:
    """`decide` answers a published event as its fold would: with events for the directory."""

    def __init__(
        self,
        decide: Callable[[Event], Sequence[Event]] = lambda _: (),
        clock: Clock = lambda: NOW_MS,
        measures: Measures | None = None,
    ) -> None:
        self.journal: list[str] = []
        self.directory = Directory(listed_within_s=0.0)
        self.blobs = RecordingBlobStore(self.journal)
        self._decide = decide
        self.publisher = RecordingPublisher(self.journal, self._on_event)
        self.ingest = Ingest(self.blobs, self.publisher, clock)
        self.chunks = ChunkIngest(
            AwaitableMemoryBlobs(self.blobs),
            self.publisher,
            clock,
            ChunkNumbers(self.directory),
        )
        self.uploads = UploadTokens(Settings(upload_secret=SecretStr(SECRET)))
        self.rates = Rates(lambda: 0.0)
        app = write_side(self.rates)
        self.services = Services(
            ingest=self.ingest,
            audio=AudioCheck(measures or MeasuredHere()),
            chunks=self.chunks,
            directory=self.directory,
            users=NamedUsers(),
            uploads=self.uploads,
            invites=Invites(SecretStr(SECRET)),
            keys=RequestKeys(),
            turns=Turns(MOST_WAITING, MOST_WAITING_OF_CALLER),
            held=HeldUploads(),
        )
        provide(app, self.services)
        self.client = Client(app)

    def _on_event(self, event: Event) -> None:
        for answer in self._decide(event):
            self.directory.take(answer)

    def call(
        self, method: str, path: str, body: Any = None, user: str = OWNER, key: str = KEY
    ) -> httpx.Response:
        """Call a route as `user`, with an Idempotency-Key."""
        sent = {"Authorization": f"Bearer {user}", "Idempotency-Key": key}
        return self.client.request(method, path, json=body, headers=sent)

    def upload(
        self,
        seq: int = 0,
        content: bytes = FLAC,
        token: str = "",
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> httpx.Response:
        """PUT a chunk as a phone does, with other `headers`."""
        sent = {**chunk_headers(token or self.upload_token(), content), **headers}
        path = f"/v1/sessions/{SESSION}/chunks/{seq}"
        return self.client.request("PUT", path, content=content, headers=sent)

    def upload_token(self) -> str:
        """A token for SESSION, as the start of the session answers it."""
        start = self.call("PUT", f"/v1/sessions/{SESSION}", start_body())
        self.journal.clear()
        self.publisher.events.clear()
        return str(start.json()["upload_token"])


def start_body(**changes: object) -> dict[str, Any]:
    """The body that starts a session, four hours before NOW_MS."""
    return {
        "time_zone": "Asia/Singapore",
        "recorded_at": "2025-11-24T12:00:00Z",
        "consent": {"text_version": "1", "agreed_at": "2025-11-24T12:00:00Z"},
        **changes,
    }


def chunk_headers(upload_token: str, content: bytes = FLAC) -> dict[str, str]:
    """Headers of a chunk at the beginning of its session."""
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    return {
        "Authorization": f"Bearer {upload_token}",
        "Content-Type": "audio/flac",
        "Content-Digest": f"sha-256=:{digest}:",
        "Lah-Start-Ms": "0",
        "Lah-Duration-Ms": "30000",
    }


def listing(
    owner: UserId = OWNER,
    state: State = State.READY,
    group_id: str | None = None,
    **changes: Any,
) -> SessionListing:
    """The directory's row of SESSION."""
    fields: dict[str, Any] = {
        "received": (),
        "conflicts": (),
        "expected": None,
        "caused_by": "",
        **changes,
    }
    return SessionListing(
        occurred_at_ms=NOW_MS,
        session_id=SESSION,
        owner=owner,
        group_id=group_id,
        state=state,
        generation=1,
        recorded_at_ms=NOW_MS,
        time_zone="Asia/Singapore",
        audio_ms=0,
        **fields,
    )
