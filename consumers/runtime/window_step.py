"""What `transcribe` and `diarize` share: a window comes in, an object and a result go out, or a named failure."""

import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Generic, TypeVar

from adapters.objects.store import BlobStore, put_by_digest
from adapters.process import metrics
from adapters.process.clock import Clock
from consumers.runtime.outcome import DeadLettered, Done, Outcome, Record
from schemas.event import Pointer
from schemas.object_kinds import ObjectKind
from schemas.ranges import Ranges
from schemas.rejections import Reason, Rejected
from schemas.speech_events import WindowReady, WindowResult
from schemas.topics import Topic

Ready = TypeVar("Ready")


class WindowStep(ABC, Generic[Ready]):
    """Windows, as many at a time as the model is given; objects are named by digest, so a window done twice overwrites nothing.

    `Ready` is a window whose audio is at hand.
    """

    name: str
    batch_size = 1
    counts_attempts = True
    answers_on: Topic
    result_type: type[WindowResult]
    kind: ObjectKind

    def __init__(self, blobs: BlobStore, clock: Clock, model: str) -> None:
        self._blobs, self._clock, self._model = blobs, clock, model

    @abstractmethod
    def prepare(self, window: WindowReady) -> tuple[Ready, Ranges]:
        """The window's audio, and the spans of it that could not be had. May raise Rejected."""

    @abstractmethod
    def work(self, ready: Sequence[Ready]) -> list[bytes]:
        """The object of each window, in order. Models run here."""

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        """Blocking: models run here."""
        started = time.perf_counter()
        prepared = [self._prepared(record) for record in records]
        bodies = iter(self.work([p[0] for p in prepared if isinstance(p, tuple)]))
        work_ms = int((time.perf_counter() - started) * 1000 / len(records))
        return [
            self._done(r, next(bodies), p[1], work_ms) if isinstance(p, tuple) else p
            for r, p in zip(records, prepared, strict=True)
        ]

    def _prepared(self, record: Record) -> tuple[Ready, Ranges] | DeadLettered:
        window = _window(record)
        try:
            return self.prepare(window)
        except Rejected as error:
            return DeadLettered(error.reason, error.detail, self._failure(window, error.reason))

    def _done(self, record: Record, body: bytes, missing: Ranges, work_ms: int) -> Done:
        window = _window(record)
        stored = put_by_digest(
            self._blobs, self.kind, body, session_id=window.session_id, window=window.window
        )
        metrics.AUDIO_SECONDS.labels(self.name).inc((window.end_ms - window.start_ms) / 1000)
        return Done(((self.answers_on, self._result(window, stored, None, missing, work_ms)),))

    def give_up(self, record: Record) -> DeadLettered:
        """The window killed its worker too often: the session goes on with a named gap."""
        window = _window(record)
        reason = Reason.ATTEMPTS_EXHAUSTED
        return DeadLettered(reason, f"{record.attempt - 1} attempts", self._failure(window, reason))

    def _failure(
        self, window: WindowReady, reason: Reason
    ) -> tuple[tuple[Topic, WindowResult], ...]:
        missing = ((window.start_ms, window.end_ms),)
        return ((self.answers_on, self._result(window, None, reason, missing, 0)),)

    def _result(
        self,
        w: WindowReady,
        stored: Pointer | None,
        failed: str | None,
        missing: Ranges,
        work_ms: int,
    ) -> WindowResult:
        return self.result_type(
            occurred_at_ms=self._clock(),
            session_id=w.session_id,
            window=w.window,
            revision=w.revision,
            result=stored,
            failed=failed,
            missing=missing,
            model=self._model,
            work_ms=work_ms,
        )


def _window(record: Record) -> WindowReady:
    assert isinstance(record.event, WindowReady)
    return record.event
