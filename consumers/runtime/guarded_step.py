"""A step that leaves erased sessions alone."""

from collections.abc import Sequence

from adapters.erasure.guard import ErasureGuard
from consumers.runtime.outcome import DeadLettered, Dropped, Outcome, Record, Step
from schemas.event import SessionEvent
from schemas.ids import SessionId
from schemas.rejections import Reason

ERASED = Dropped("erased")


class GuardedStep:
    """`step` behind an erasure guard. Messages of erased sessions are dropped.

    All of its messages must be about sessions.
    """

    def __init__(self, step: Step, guard: ErasureGuard) -> None:
        self.name = step.name
        self.batch_size = step.batch_size
        self.counts_attempts = step.counts_attempts
        self.gather_s = step.gather_s
        self._step = step
        self._guard = guard

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        """Blocking; raises what the step raises."""

        def work(erased: set[SessionId]) -> list[Outcome]:
            return self._worked(records, erased)

        sessions = {_session(record) for record in records}
        outcomes, erased = self._guard.around(sessions, work)
        return [
            ERASED if _session(record) in erased else outcome
            for record, outcome in zip(records, outcomes, strict=True)
        ]

    def _worked(
        self,
        records: Sequence[Record],
        erased: set[SessionId],
    ) -> list[Outcome]:
        wanted = [record for record in records if _session(record) not in erased]
        outcomes = iter(self._step.process(wanted) if wanted else [])
        return [ERASED if _session(record) in erased else next(outcomes) for record in records]

    def give_up(self, record: Record, reason: Reason, detail: str) -> DeadLettered:
        """As the step says."""
        return self._step.give_up(record, reason, detail)


def _session(record: Record) -> SessionId:
    assert isinstance(record.event, SessionEvent)
    return record.event.session_id
