"""Writes of the gateway: one object and one event for a chunk, one event for everything else."""

from adapters.erasure.erasable_objects import erase_session
from adapters.http.problems import HttpProblem, away
from adapters.http.tokens import Upload
from adapters.kafka.publisher import Publisher, outgoing
from adapters.objects.store import BlobStore
from adapters.process.clock import Clock
from adapters.process.retry import TransientError
from producers.gateway.chunk_request import ChunkBody, ChunkHeaders
from producers.gateway.request_models import StartBody
from schemas import topics
from schemas.event import Event
from schemas.ids import SessionId, UserId, derived_id
from schemas.object_kinds import CHUNK
from schemas.phone_events import ChunkUploaded, Consent, SessionEnded, SessionStarted
from schemas.session_requests import RecountRequested
from schemas.topics import Topic


class Ingest:
    """Every method blocks, is repeatable, and raises HttpProblem 503 when a server is away.

    Order of writes: object, event, answer. A crash between any two costs a retry and nothing else.
    """

    def __init__(self, blobs: BlobStore, publisher: Publisher, clock: Clock) -> None:
        self._blobs = blobs
        self._publisher = publisher
        self._clock = clock

    def start(
        self, session_id: SessionId, owner: UserId, body: StartBody, lexicon: str | None
    ) -> None:
        """Publish SessionStarted. A group's own `lexicon` counts the session from its beginning."""
        consent = Consent(
            text_version=body.consent.text_version,
            agreed_at_ms=int(body.consent.agreed_at.timestamp() * 1000),
        )
        event = SessionStarted(
            occurred_at_ms=self._clock(),
            session_id=session_id,
            owner=owner,
            time_zone=body.time_zone,
            recorded_at_ms=int(body.recorded_at.timestamp() * 1000),
            consent=consent,
            group_id=body.group_id,
            speakers_hint=body.speakers_hint,
            keep_transcript_days=body.keep_transcript_days,
        )
        self.publish(topics.INBOUND, event)
        if lexicon is not None:
            self.publish(topics.INBOUND, self._recount(session_id, lexicon))

    def _recount(self, session_id: SessionId, lexicon: str) -> RecountRequested:
        return RecountRequested(
            occurred_at_ms=self._clock(),
            session_id=session_id,
            request_id=derived_id("GroupLexicon", session_id, lexicon),
            lexicon=lexicon,
        )

    def chunk(self, upload: Upload, headers: ChunkHeaders, body: ChunkBody) -> bool:
        """Store a chunk and publish ChunkUploaded. True when these bytes are new.

        Raises HttpProblem 409 when other bytes came under this number before.
        """
        try:
            is_new = self._store(upload, headers, body)
        except TransientError:
            raise away("The object store") from None
        # Published again on a repeat: the crash may have come between the object and the event.
        self.publish(topics.INBOUND, self._uploaded(upload, headers, body))
        return is_new

    def _store(self, upload: Upload, headers: ChunkHeaders, body: ChunkBody) -> bool:
        key = CHUNK.key(session_id=upload.session_id, seq=headers.seq, sha256=body.sha256)
        prefix = CHUNK.before("sha256", session_id=upload.session_id, seq=headers.seq)
        present = self._blobs.keys(prefix)
        if key in present:
            return False
        if present:
            detail = f"Chunk {headers.seq} was uploaded with other bytes; nothing was overwritten."
            raise HttpProblem(409, "chunk-conflict", "Other bytes came first", detail)
        self._blobs.put(key, body.content, headers.content_type)
        return True

    def _uploaded(self, upload: Upload, headers: ChunkHeaders, body: ChunkBody) -> ChunkUploaded:
        return ChunkUploaded(
            occurred_at_ms=self._clock(),
            session_id=upload.session_id,
            owner=upload.owner,
            seq=headers.seq,
            sha256=body.sha256,
            size=len(body.content),
            content_type=headers.content_type,
            start_ms=headers.start_ms,
            duration_ms=headers.duration_ms,
        )

    def complete(self, upload: Upload, chunks: int) -> None:
        """Publish SessionEnded."""
        event = SessionEnded(
            occurred_at_ms=self._clock(),
            session_id=upload.session_id,
            owner=upload.owner,
            chunks=chunks,
        )
        self.publish(topics.INBOUND, event)

    def erase(self, session_id: SessionId) -> None:
        """Mark the session as erased and remove its objects: its audio is gone then."""
        try:
            erase_session(self._blobs, session_id)
        except TransientError:
            raise away("The object store") from None

    def publish(self, topic: Topic, event: Event) -> None:
        """Publish one event; Kafka has acknowledged it when this returns."""
        try:
            self._publisher.publish([outgoing(topic, event)])
        except TransientError:
            raise away("Kafka") from None

    def now_ms(self) -> int:
        """Unix milliseconds. Does not block."""
        return self._clock()
