"""The step that `transcribe` and `diarize` share: a window becomes an object and a result."""

import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from adapters.objects.store import BlobStore, put_by_digest
from adapters.process import metrics
from adapters.process.clock import Clock
from consumers.runtime.outcome import DeadLettered, Done, Outcome, Record
from schemas.event import Pointer
from schemas.fact_sheet import Topic
from schemas.object_kinds import ObjectKind
from schemas.ranges import Ranges
from schemas.rejections import Reason, Rejected
from schemas.speech_events import WindowReady, WindowResult

LEFT_BY_A_STOP = 3
"""Windows that the last chunk and the stop complete. One that is not begun with them waits."""
STOP_AFTER_S = 0.15
"""A phone says stop when its last chunk is acknowledged. Windows take seconds."""
Ready = TypeVar("Ready")
"""A window with its audio."""


@dataclass(frozen=True)
class _Prepared(Generic[Ready]):
    """A window that can be worked on, and the spans of its audio that are missing."""

    window: WindowReady
    ready: Ready
    missing: Ranges


class WindowStep(ABC, Generic[Ready]):
    """Works on as many windows at a time as the model takes.

    Objects are named by digest, so a window that is done twice overwrites nothing. A window that
    can never be done is dead-lettered, and its result names the failure: nobody waits for it.
    """

    name: str
    batch_size = 1
    counts_attempts = True
    gather_s = STOP_AFTER_S
    answers_on: Topic
    result_type: type[WindowResult]
    kind: ObjectKind

    def __init__(self, blobs: BlobStore, clock: Clock, model: str) -> None:
        self._blobs = blobs
        self._clock = clock
        self._model = model
        metrics.expect_audio(self.name)

    @abstractmethod
    def prepare(self, window: WindowReady) -> tuple[Ready, Ranges]:
        """The window's audio, and the missing spans of it. Blocking. May raise Rejected."""

    @abstractmethod
    def work(self, ready: Sequence[Ready]) -> list[bytes]:
        """The object of each window, in order. Blocking: models run here."""

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        """One pass of the model over all windows that could be prepared. Blocking, seconds."""
        started = time.perf_counter()
        prepared = [self._prepared(record) for record in records]
        ready = {n: one.ready for n, one in enumerate(prepared) if isinstance(one, _Prepared)}
        bodies = dict(zip(ready, self.work([*ready.values()]), strict=True))
        work_ms = int((time.perf_counter() - started) * 1000 / len(records))
        outcomes: list[Outcome] = []
        for n, one in enumerate(prepared):
            if isinstance(one, _Prepared):
                outcomes.append(self._done(one, bodies[n], work_ms))
            else:
                outcomes.append(one)
        return outcomes

    def _prepared(self, record: Record) -> _Prepared[Ready] | DeadLettered:
        window = _window(record)
        try:
            ready, missing = self.prepare(window)
        except Rejected as error:
            return self._failed(window, error.reason, error.detail)
        return _Prepared(window, ready, missing)

    def _done(self, prepared: _Prepared[Ready], body: bytes, work_ms: int) -> Done:
        window = prepared.window
        stored = put_by_digest(
            self._blobs, self.kind, body, session_id=window.session_id, window=window.window
        )
        audio_s = (window.end_ms - window.start_ms) / 1000
        metrics.AUDIO_SECONDS.labels(self.name).inc(audio_s)
        result = self._result(window, prepared.missing, work_ms, stored=stored)
        return Done(((self.answers_on, result),))

    def give_up(self, record: Record, reason: Reason, detail: str) -> DeadLettered:
        """The session goes on with missing audio."""
        return self._failed(_window(record), reason, detail)

    def _failed(
        self,
        window: WindowReady,
        reason: Reason,
        detail: str,
    ) -> DeadLettered:
        """All of the window is missing audio."""
        missing = ((window.start_ms, window.end_ms),)
        result = self._result(window, missing, work_ms=0, failed=reason)
        return DeadLettered(reason, detail, ((self.answers_on, result),))

    def _result(
        self,
        window: WindowReady,
        missing: Ranges,
        work_ms: int,
        stored: Pointer | None = None,
        failed: Reason | None = None,
    ) -> WindowResult:
        return self.result_type(
            occurred_at_ms=self._clock(),
            session_id=window.session_id,
            window=window.window,
            revision=window.revision,
            result=stored,
            failed=failed,
            missing=missing,
            model=self._model,
            work_ms=work_ms,
        )


def _window(record: Record) -> WindowReady:
    assert isinstance(record.event, WindowReady)
    return record.event
