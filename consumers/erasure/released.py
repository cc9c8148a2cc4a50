"""How long the erasure of a person waits for the folds: until the warehouse has their answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from adapters.kafka.ends import Place
from adapters.kafka.offsets import HeldProgress
from schemas.ids import EventId


@dataclass
class Wait:
    """One erasure waits since `since_s`. It has come past `passed` groups, and is at `ends`.

    `looked_s`: the last look at it, in seconds in which the worker was not busy. `asked` are the
    requests to the folds that are in the log: they are handled once, however late.
    """

    since_s: float
    looked_s: float = 0.0
    passed: int = 0
    ends: dict[Place, int] | None = None
    asked: set[EventId] = field(default_factory=set)


class Released:
    """Looks at one group after the other, each from where its topics end when its turn comes.

    The folds have handled what came before, and the sink has what they decided. Then the folds
    handle what they are asked. Then the sink has their answers: a row of zeros that it wrote later
    would bear the id of somebody erased.
    Blocking; raises TransientError when Kafka is away.
    """

    def __init__(self, sink: HeldProgress, folds: Sequence[HeldProgress]) -> None:
        self._before = len(folds) + 1
        self._groups = (*folds, sink, *folds, sink)

    def is_known(self, wait: Wait) -> bool:
        """Whether all that was asked before the wait began is decided, and in the warehouse."""
        return self._has_passed(wait, self._before)

    def is_answered(self, wait: Wait) -> bool:
        """Whether the answers of the folds are there too. Call it when all requests are published.

        Requests are complete that were made when all of before was known.
        """
        return self._has_passed(wait, len(self._groups))

    def asked_more(self, wait: Wait) -> None:
        """Requests were published now: answers that came before are not theirs."""
        if wait.passed >= self._before:
            wait.passed = self._before
            wait.ends = None

    def _has_passed(self, wait: Wait, groups: int) -> bool:
        while wait.passed < groups:
            group = self._groups[wait.passed]
            if wait.ends is None:
                wait.ends = group.ends()
            if not group.has_passed(wait.ends):
                return False
            wait.passed += 1
            wait.ends = None
        return True

    def close(self) -> None:
        """Gives the connections back."""
        for group in self._groups:
            group.close()
