"""Transactions of one stage or fold: it writes the topics that its entry lists and no other."""

from collections.abc import Mapping, Sequence

from adapters.kafka.ends import Place
from adapters.kafka.publisher import Outgoing
from adapters.kafka.stage_publisher import RoleTopics
from adapters.kafka.transaction import Transactions
from schemas.stage_kinds import Fold, Stage


class StageTransactions:
    """Refuses a topic that the role does not list: ValueError, before anything is sent."""

    def __init__(self, transactions: Transactions, role: Stage | Fold) -> None:
        self._transactions = transactions
        self._topics = RoleTopics(role)

    def commit(
        self, messages: Sequence[Outgoing], offsets: Mapping[Place, int], group: object
    ) -> dict[Place, int]:
        """Blocking; raises what the transactions underneath raise."""
        self._topics.check(messages)
        return self._transactions.commit(messages, offsets, group)
