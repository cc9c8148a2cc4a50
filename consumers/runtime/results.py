"""Pure: what a batch came to, and the messages that follow from it."""

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.kafka.consumer import Fetched
from adapters.kafka.dead_letters import letter
from adapters.kafka.publisher import Outgoing, outgoing
from consumers.runtime.outcome import DeadLettered, Done, Dropped, Outcome


@dataclass(frozen=True)
class Result:
    """A message and its outcome. One that is no event has one too: it is a dead letter."""

    source: Fetched
    outcome: Outcome
    attempt: int = 1

    @property
    def label(self) -> str:
        """The outcome, as metrics name it."""
        match self.outcome:
            case Done():
                return "done"
            case Dropped(reason):
                return f"dropped_{reason}"
            case DeadLettered():
                return "dead_lettered"

    def messages(self, stage: str) -> list[Outgoing]:
        """All that `stage` publishes because of it."""
        match self.outcome:
            case Done(events):
                return [outgoing(topic, event) for topic, event in events]
            case Dropped():
                return []
            case DeadLettered() as dead:
                told = [outgoing(topic, event) for topic, event in dead.events]
                return [self._letter(stage, dead), *told]

    def _letter(self, stage: str, dead: DeadLettered) -> Outgoing:
        return letter(
            self.source,
            stage=stage,
            reason=dead.reason,
            detail=dead.detail,
            attempt=self.attempt,
        )


def next_offsets(batch: Sequence[Fetched]) -> dict[tuple[str, int], int]:
    """The offsets to go on from when all of `batch` is handled."""
    return {fetched.place: fetched.offset + 1 for fetched in batch}
