"""Writes of the gateway beside chunks: one event for each."""

from adapters.erasure.erasable_objects import erase_session
from adapters.http.tokens import Upload
from adapters.kafka.publisher import AwaitablePublisher, outgoing
from adapters.objects.store import BlobStore
from adapters.process.clock import Clock
from producers.gateway.away import Answering
from producers.gateway.request_models import StartBody
from producers.gateway.wall_clock import believed
from schemas import topics
from schemas.days import unix_ms_of
from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.ids import SessionId, UserId, derived_id
from schemas.phone_events import Consent, SessionEnded, SessionStarted
from schemas.session_requests import RecountRequested


class Ingest:
    """Every method is repeatable, and raises HttpProblem 503 when a server is away.

    A phone's start and end run on the event loop: they need no thread, so that they do not wait for
    one while others erase or ask. The other methods block.
    """

    def __init__(self, blobs: BlobStore, publisher: AwaitablePublisher, clock: Clock) -> None:
        self._blobs = blobs
        self._publisher = publisher
        self._answering = Answering()
        self._clock = clock

    async def start(
        self, session_id: SessionId, owner: UserId, body: StartBody, keep_days: int
    ) -> SessionStarted:
        """Publish SessionStarted. `keep_days`: where the body does not say."""
        now_ms = self._clock()
        recorded = believed(unix_ms_of(body.recorded_at), now_ms)
        agreed = believed(unix_ms_of(body.consent.agreed_at), now_ms)
        chosen = body.keep_transcript_days
        consent = Consent(text_version=body.consent.text_version, agreed_at_ms=agreed.unix_ms)
        event = SessionStarted(
            occurred_at_ms=now_ms,
            session_id=session_id,
            owner=owner,
            time_zone=body.time_zone,
            recorded_at_ms=recorded.unix_ms,
            clock_corrected=recorded.is_corrected,
            consent=consent,
            group_id=body.group_id,
            speakers_hint=body.speakers_hint,
            keep_transcript_days=keep_days if chosen is None else chosen,
        )
        await self._published(event)
        return event

    async def count_by(self, session_id: SessionId, lexicon: str) -> None:
        """Publish that a group's own lexicon counts the session from its beginning."""
        event = RecountRequested(
            occurred_at_ms=self._clock(),
            session_id=session_id,
            request_id=derived_id("GroupLexicon", session_id, lexicon),
            lexicon=lexicon,
        )
        await self._published(event)

    async def complete(self, upload: Upload, chunks: int) -> None:
        """Publish SessionEnded."""
        event = SessionEnded(
            occurred_at_ms=self._clock(),
            session_id=upload.session_id,
            owner=upload.owner,
            chunks=chunks,
        )
        await self._published(event)

    async def _published(self, event: Event) -> None:
        with self._answering.needs("Kafka"):
            await self._publisher.published([outgoing(topics.INBOUND, event)])

    def erase(self, session_id: SessionId) -> None:
        """Mark the session as erased and remove its objects: its audio is gone then."""
        with self._answering.needs("The object store"):
            erase_session(self._blobs, session_id)

    def publish(self, topic: Topic, event: Event) -> None:
        """Publish one event; Kafka has acknowledged it when this returns."""
        with self._answering.needs("Kafka"):
            self._publisher.publish([outgoing(topic, event)])

    def now_ms(self) -> int:
        """Unix milliseconds. Does not block."""
        return self._clock()
