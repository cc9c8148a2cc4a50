"""A phone, and the gateway's write side in front of the memory stack."""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

from adapters.http.tokens import Upload
from adapters.kafka.publisher import Outgoing
from producers.gateway.chunk_audio import ChunkAudio
from producers.gateway.chunk_ingest import ChunkIngest
from producers.gateway.chunk_numbers import ChunkNumbers
from producers.gateway.chunk_request import ChunkBody
from producers.gateway.directory import Directory
from producers.gateway.ingest import Ingest
from producers.gateway.request_models import StartBody
from schemas.codec import decode
from schemas.ids import SessionId, UserId
from schemas.limits import KEEP_DAYS
from schemas.topics import BY_NAME
from tests.guide.memory_stack import MemoryStack, clock
from tests.memory_blob_store import AwaitableMemoryBlobs

SESSION = SessionId("0197a3c2-5e1b-7c44-9b1e-3f6f0c2d9a10")
OWNER = UserId("mei")
CHUNK_MS = 30_000


class MemoryPublisher:
    """The port of Kafka's publisher: every message is acknowledged, and handled, at once."""

    def __init__(self, stack: MemoryStack) -> None:
        self._stack = stack

    def publish(self, messages: Sequence[Outgoing]) -> None:
        """Decode each message as a reader of its topic does."""
        for message in messages:
            topic = BY_NAME[message.topic]
            self._stack.publish(topic, decode(topic, message.value))

    async def published(self, messages: Sequence[Outgoing]) -> None:
        """The same for an event loop."""
        self.publish(messages)


class Phone:
    """Records one session and sends it in chunks of 30 s."""

    def __init__(self, stack: MemoryStack) -> None:
        publisher = MemoryPublisher(stack)
        self._ingest = Ingest(stack.blobs, publisher, clock)
        blobs = AwaitableMemoryBlobs(stack.blobs)
        self._chunks = ChunkIngest(blobs, publisher, clock, ChunkNumbers(Directory()))
        self._upload = Upload(SESSION, OWNER)

    def start(self) -> None:
        """PUT the session."""
        agreed = datetime.fromtimestamp(clock() / 1000, UTC).isoformat()
        consent = {"text_version": "1", "agreed_at": agreed}
        body = {"time_zone": "Asia/Singapore", "recorded_at": agreed, "consent": consent}
        asyncio.run(self._ingest.start(SESSION, OWNER, StartBody.model_validate(body), KEEP_DAYS))

    def chunk(self, seq: int, content: bytes = b"audio") -> bool:
        """PUT a chunk; True when its bytes are new."""
        return self.chunk_at(ChunkAudio(seq, seq * CHUNK_MS, CHUNK_MS, "audio/flac"), content)

    def chunk_at(self, audio: ChunkAudio, content: bytes) -> bool:
        """PUT a chunk of any number, place and length; True when its bytes are new."""
        body = ChunkBody(content, hashlib.sha256(content).hexdigest())
        return asyncio.run(self._chunks.take(self._upload, audio, body))

    def stop(self, chunks: int) -> None:
        """POST that the session is over and had so many chunks."""
        asyncio.run(self._ingest.complete(self._upload, chunks))


def recorded() -> tuple[MemoryStack, Phone]:
    """A session of one minute that is over and counted. Somebody says "lah" in each window."""
    stack = MemoryStack()
    phone = Phone(stack)
    phone.start()
    phone.chunk(0)
    phone.chunk(1)
    phone.stop(chunks=2)
    return stack, phone
