"""A step that leaves erased sessions alone."""

from collections.abc import Sequence

from adapters.objects.store import BlobStore, erase_session, is_erased
from consumers.runtime.outcome import DeadLettered, Dropped, Outcome, Record, Step
from schemas.event import SessionEvent


class Unerased:
    """`step` for sessions that nobody erased: looked for before the work, and again after it. What was written between is removed.

    Whoever erases marks first and removes then: what was written before the mark was looked for is removed by one of the two.
    """

    def __init__(self, step: Step, blobs: BlobStore) -> None:
        self.name, self.batch_size, self.counts_attempts = (
            step.name,
            step.batch_size,
            step.counts_attempts,
        )
        self._step, self._blobs = step, blobs

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        """Blocking."""
        before = self._erased({_session(record) for record in records})
        worked = [record for record in records if _session(record) not in before]
        outcomes = iter(self._step.process(worked) if worked else [])
        after = self._erased({_session(record) for record in worked})
        for session in after:
            erase_session(self._blobs, session)
        found = [
            (r, Dropped("erased") if _session(r) in before else next(outcomes)) for r in records
        ]
        return [Dropped("erased") if _session(r) in after else outcome for r, outcome in found]

    def _erased(self, sessions: set[str]) -> set[str]:
        return {session for session in sessions if is_erased(self._blobs, session)}

    def give_up(self, record: Record) -> DeadLettered:
        """As the step says."""
        return self._step.give_up(record)


def _session(record: Record) -> str:
    assert isinstance(record.event, SessionEvent)
    return record.event.session_id
