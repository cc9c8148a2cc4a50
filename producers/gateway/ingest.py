"""What the gateway writes: one object and one event a chunk, one event for everything else. Blocking."""

from dataclasses import dataclass

from adapters.erasure.session_objects import erase_session
from adapters.errors import TransientError
from adapters.http.problems import Refusal, away
from adapters.http.tokens import Upload
from adapters.kafka.publisher import Publisher, outgoing
from adapters.objects.store import BlobStore
from adapters.process.clock import Clock
from producers.gateway.chunk_request import Body
from producers.gateway.request_models import StartBody
from schemas import topics
from schemas.event import Event
from schemas.ids import SessionId, UserId, derived_id
from schemas.object_kinds import CHUNK
from schemas.session_events import ChunkUploaded, Consent, SessionEnded, SessionStarted
from schemas.session_requests import RecountRequested
from schemas.topics import Topic


@dataclass(frozen=True)
class ChunkHeaders:
    """What the phone says of a chunk."""

    seq: int
    start_ms: int
    duration_ms: int
    content_type: str


class Ingest:
    """Order of writes: object, event, answer. A crash between any two costs a retry and nothing else."""

    def __init__(self, blobs: BlobStore, publisher: Publisher, clock: Clock) -> None:
        self._blobs, self._publisher, self._clock = blobs, publisher, clock

    def start(self, session_id: str, owner: UserId, body: StartBody, lexicon: str | None) -> None:
        """Publish SessionStarted, and by which lexicon it is counted when its group has one; a repeat is the same session."""
        consent = Consent(
            text_version=body.consent.text_version,
            agreed_at_ms=int(body.consent.agreed_at.timestamp() * 1000),
        )
        event = SessionStarted(
            occurred_at_ms=self._clock(),
            session_id=SessionId(session_id),
            owner=owner,
            time_zone=body.time_zone,
            recorded_at_ms=int(body.recorded_at.timestamp() * 1000),
            consent=consent,
            group_id=body.group_id,
            speakers_hint=body.speakers_hint,
            keep_transcript_days=body.keep_transcript_days,
        )
        self._publish(topics.INBOUND, event)
        if lexicon is not None:
            self._publish(topics.INBOUND, self._counted_by(session_id, lexicon))

    def _counted_by(self, session_id: str, lexicon: str) -> RecountRequested:
        request_id = derived_id("GroupLexicon", session_id, lexicon)
        return RecountRequested(
            occurred_at_ms=self._clock(),
            session_id=SessionId(session_id),
            request_id=request_id,
            lexicon=lexicon,
        )

    def chunk(self, upload: Upload, headers: ChunkHeaders, body: Body) -> bool:
        """True when these bytes are new. Refusal 409 when other bytes came under this number before."""
        prefix = CHUNK.before("sha256", session_id=upload.session_id, seq=headers.seq)
        key = CHUNK.key(session_id=upload.session_id, seq=headers.seq, sha256=body.sha256)
        try:
            present = self._blobs.keys(prefix)
            if present and key not in present:
                detail = (
                    f"Chunk {headers.seq} was uploaded with other bytes; nothing was overwritten."
                )
                raise Refusal(409, "chunk-conflict", "Other bytes came first", detail)
            if not present:
                self._blobs.put(key, body.content, headers.content_type)
        except TransientError:
            raise away("The object store") from None
        # Published again on a repeat: the crash may have come between the object and the event.
        self._publish(topics.INBOUND, self._uploaded(upload, headers, body))
        return not present

    def _uploaded(self, upload: Upload, headers: ChunkHeaders, body: Body) -> ChunkUploaded:
        return ChunkUploaded(
            occurred_at_ms=self._clock(),
            session_id=SessionId(upload.session_id),
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
            session_id=SessionId(upload.session_id),
            owner=upload.owner,
            chunks=chunks,
        )
        self._publish(topics.INBOUND, event)

    def erase(self, session_id: str) -> None:
        """Mark the session as erased and remove its objects: nobody reads its audio from now on."""
        try:
            erase_session(self._blobs, session_id)
        except TransientError:
            raise away("The object store") from None

    def ask(self, topic: Topic, event: Event) -> None:
        """Publish a request (`producers.gateway.request_events`)."""
        self._publish(topic, event)

    def now_ms(self) -> int:
        """Unix milliseconds."""
        return self._clock()

    def _publish(self, topic: Topic, event: Event) -> None:
        try:
            self._publisher.publish([outgoing(topic, event)])
        except TransientError:
            raise away("Kafka") from None
