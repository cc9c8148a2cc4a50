"""Transactions of one stage: it writes the topics that its entry lists and no other."""

from collections.abc import Mapping, Sequence

from adapters.kafka.consumer import Place
from adapters.kafka.publisher import Outgoing, allowed_topics
from adapters.kafka.transaction import Transactions
from schemas.stages import Stage


class StageTransactions:
    """Refuses a topic that the stage does not list: ValueError, before anything is sent."""

    def __init__(self, transactions: Transactions, stage: Stage) -> None:
        self._transactions = transactions
        self._name = stage.name
        self._allowed = allowed_topics(stage)

    def commit(
        self, messages: Sequence[Outgoing], offsets: Mapping[Place, int], group: object
    ) -> dict[Place, int]:
        """Blocking; raises what the transactions underneath raise."""
        for message in messages:
            if message.topic not in self._allowed:
                raise ValueError(f"{self._name} does not write {message.topic} (schemas/stages.py)")
        return self._transactions.commit(messages, offsets, group)
