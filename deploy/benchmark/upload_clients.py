"""Clients that send chunks: to the gateway, and to the servers behind it.

Both sides send the same bytes with the same HTTP library and hash them once.
"""

import base64
import hashlib
from typing import Any, Protocol

import urllib3

from adapters.http.signing import sign_user
from adapters.kafka.publisher import Publisher, outgoing
from adapters.objects.store import BlobStore
from adapters.settings import Settings
from deploy.benchmark.event_load import CHUNK_MS, OWNER, chunk
from deploy.demo.api_client import TOKEN_S
from deploy.demo.phone_session import About, session_body
from deploy.uuid7 import new_session_id
from schemas import topics
from schemas.object_kinds import CHUNK

TYPE = "audio/flac"


class Client(Protocol):
    """Sends the chunks of one session, one after the other. Not thread-safe."""

    def send(self, seq: int, body: bytes) -> None:
        """Send a chunk. Blocks until its object and its event are acknowledged."""


class GatewayClient:
    """Sends chunks to the gateway, over one connection, as a person of its own.

    The gateway measures one upload of a person at a time: clients of one person would wait for
    each other.
    """

    def __init__(self, settings: Settings) -> None:
        self._http = urllib3.HTTPConnectionPool(settings.host, settings.port("gateway"), maxsize=1)
        session_id = new_session_id()
        self._path = f"/v1/sessions/{session_id}"
        self._token = sign_user(settings, f"{OWNER}-{session_id}", TOKEN_S)
        opened = self._put(self._path, json=session_body(About()))
        self._token = opened.json()["upload_token"]

    def _put(self, path: str, **sent: Any) -> urllib3.BaseHTTPResponse:
        headers = {"Authorization": f"Bearer {self._token}", **sent.pop("headers", {})}
        answer = self._http.request("PUT", path, headers=headers, **sent)
        if answer.status != 201:
            raise RuntimeError(f"the gateway answered {answer.status}")
        return answer

    def send(self, seq: int, body: bytes) -> None:
        """PUT the chunk as a phone does. Raises RuntimeError for an answer that is not 201."""
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        headers = {
            "Content-Type": TYPE,
            "Content-Digest": f"sha-256=:{digest}:",
            "Lah-Start-Ms": str(seq * CHUNK_MS),
            "Lah-Duration-Ms": str(CHUNK_MS),
        }
        self._put(f"{self._path}/chunks/{seq}", body=body, headers=headers)


class BareClient:
    """Does a gateway's two writes itself: the object, then the event."""

    def __init__(self, blobs: BlobStore, publisher: Publisher) -> None:
        self._session_id = new_session_id()
        self._blobs = blobs
        self._publisher = publisher

    def send(self, seq: int, body: bytes) -> None:
        """Put the object and publish its event."""
        sha256 = hashlib.sha256(body).hexdigest()
        key = CHUNK.key(session_id=self._session_id, seq=seq, sha256=sha256)
        self._blobs.put(key, body, TYPE, sha256)
        event = chunk(self._session_id, seq, sha256, len(body))
        self._publisher.publish([outgoing(topics.INBOUND, event)])
