"""A publisher that refuses topics which its stage does not write."""

from collections.abc import Sequence

from adapters.kafka.publisher import AwaitablePublisher, Outgoing, Publisher
from schemas.stage_kinds import Fold, Stage


class RoleTopics:
    """The topics that a stage or a fold may write.

    They are those whose fact sheets name it, the dead letters of its input, and the changelog of
    a fold.
    """

    def __init__(self, role: Stage | Fold) -> None:
        self._name = role.name
        self.names = {topic.name for topic in role.writes}
        self.names |= {topic.dead_letters for topic in role.reads}
        if isinstance(role, Fold):
            self.names.add(role.changelog)

    def check(self, messages: Sequence[Outgoing]) -> None:
        """Raises ValueError for a message on another topic."""
        for message in messages:
            if message.topic not in self.names:
                raise ValueError(f"{self._name} does not write {message.topic} (schemas/topics.py)")


class StagePublisher:
    """Publishes for one stage, and refuses other topics than its own before anything is sent."""

    def __init__(self, publisher: Publisher, stage: Stage) -> None:
        self._publisher = publisher
        self._topics = RoleTopics(stage)

    def publish(self, messages: Sequence[Outgoing]) -> None:
        """Send all of `messages`. Blocking; raises what the publisher underneath raises."""
        self._topics.check(messages)
        self._publisher.publish(messages)


class AwaitableStagePublisher(StagePublisher):
    """The same for an event loop."""

    def __init__(self, publisher: AwaitablePublisher, stage: Stage) -> None:
        super().__init__(publisher, stage)
        self._awaitable = publisher

    async def published(self, messages: Sequence[Outgoing]) -> None:
        """Send all of `messages`; raises what the publisher underneath raises."""
        self._topics.check(messages)
        await self._awaitable.published(messages)
