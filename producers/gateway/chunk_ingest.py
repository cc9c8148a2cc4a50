"""Writes of the gateway for a chunk: its object, then its event."""

from adapters.http.problems import HttpProblem
from adapters.http.tokens import Upload
from adapters.kafka.publisher import AwaitablePublisher, outgoing
from adapters.objects.store import AwaitableBlobs, WrongDigestError
from adapters.process.clock import Clock
from adapters.process.metrics import UPLOAD_SECONDS
from producers.gateway.away import Answering
from producers.gateway.chunk_audio import ChunkAudio
from producers.gateway.chunk_numbers import ChunkNumbers
from producers.gateway.chunk_request import ChunkBody, damaged
from schemas import topics
from schemas.event import Pointer
from schemas.object_kinds import CHUNK
from schemas.phone_events import ChunkUploaded

OBJECT_SECONDS = UPLOAD_SECONDS.labels("object")
EVENT_SECONDS = UPLOAD_SECONDS.labels("event")


class ChunkIngest:
    """Runs on the event loop: a thread for each chunk costs more than the work that is left.

    Order of writes: object, event, answer. A crash between any two costs a retry and nothing else.
    """

    def __init__(
        self,
        blobs: AwaitableBlobs,
        publisher: AwaitablePublisher,
        clock: Clock,
        numbers: ChunkNumbers,
    ) -> None:
        self._blobs = blobs
        self._publisher = publisher
        self._answering = Answering()
        self._clock = clock
        self._numbers = numbers

    async def take(
        self,
        upload: Upload,
        audio: ChunkAudio,
        body: ChunkBody,
    ) -> bool:
        """Store a chunk and publish ChunkUploaded. True when these bytes are new. Repeatable.

        Raises HttpProblem: 400 when the bytes are not those of their digest, 409 when other bytes
        have this number already, 503 when a server is away.
        """
        with self._answering.needs("The object store"), OBJECT_SECONDS.time():
            is_new = await self._store(upload, audio, body)
        # Published again on a repeat: the crash may have come between the object and the event.
        event = self._uploaded(upload, audio, body)
        with self._answering.needs("Kafka"), EVENT_SECONDS.time():
            await self._publisher.published([outgoing(topics.INBOUND, event)])
        self._numbers.note(upload.session_id, audio.seq)
        return is_new

    async def _store(self, upload: Upload, audio: ChunkAudio, body: ChunkBody) -> bool:
        key = CHUNK.key(session_id=upload.session_id, seq=audio.seq, sha256=body.sha256)
        if not self._numbers.is_taken(upload.session_id, audio.seq):
            wanted = Pointer(key=key, sha256=body.sha256, size=len(body.content))
            try:
                await self._blobs.put(wanted, body.content, audio.content_type)
            except WrongDigestError:
                raise damaged() from None
            return True
        if not await self._blobs.has(key):
            detail = f"Chunk {audio.seq} was uploaded with other bytes; nothing was overwritten."
            raise HttpProblem(409, "chunk-conflict", "Other bytes came first", detail)
        return False

    def _uploaded(self, upload: Upload, audio: ChunkAudio, body: ChunkBody) -> ChunkUploaded:
        return ChunkUploaded(
            occurred_at_ms=self._clock(),
            session_id=upload.session_id,
            owner=upload.owner,
            seq=audio.seq,
            sha256=body.sha256,
            size=len(body.content),
            content_type=audio.content_type,
            start_ms=audio.start_ms,
            duration_ms=audio.duration_ms,
        )
