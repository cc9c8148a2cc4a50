"""Pure: what a batch came to, and the messages that follow from it."""

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.kafka.dead_letters import Letters
from adapters.kafka.fetched import Fetched
from adapters.kafka.publisher import Outgoing, outgoing
from consumers.runtime.outcome import DeadLettered, Done, Dropped, Outcome, Postponed
from schemas.event import Event


@dataclass(frozen=True)
class Result:
    """A message and its outcome. A message that cannot be decoded has one too: a dead letter."""

    source: Fetched
    outcome: Outcome
    attempt: int = 1
    event: Event | None = None

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
            case Postponed():
                return "postponed"

    def messages(self, letters: Letters) -> list[Outgoing]:
        """All that is published because of it."""
        match self.outcome:
            case Done(events):
                return [outgoing(topic, event) for topic, event in events]
            case Dropped() | Postponed():
                return []
            case DeadLettered(reason, detail, events):
                told = [outgoing(topic, event) for topic, event in events]
                written = letters.about(self.source, self.event, reason, detail, self.attempt)
                return [*written, *told]


def messages_of(results: Sequence[Result], letters: Letters) -> list[Outgoing]:
    """All that is published because of them, in their order."""
    messages: list[Outgoing] = []
    for one in results:
        messages += one.messages(letters)
    return messages


def next_offsets(batch: Sequence[Fetched]) -> dict[tuple[str, int], int]:
    """The offsets to go on from when all of `batch` is handled."""
    return {fetched.place: fetched.offset + 1 for fetched in batch}
