"""The type of a fold, as the agent runs it, and the one shape that every fold has."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from schemas import stages
from schemas.event import Event
from schemas.topics import Topic
from streams.store import Store

Outputs = list[tuple[Topic, Event]]
"""Events to publish, in this order."""
Run = Callable[[Store, Event], Outputs]
"""Reads and writes the store. Raises Rejected for an event that it can never handle."""
StateT = TypeVar("StateT")
InputsT = TypeVar("InputsT")


@dataclass(frozen=True)
class Fold:
    """One fold of `schemas.stages` and its function.

    `run` is called for each event of a micro-batch, in order. It may block.
    """

    role: stages.Fold
    run: Run

    @property
    def name(self) -> str:
        """The name of the fold and of its table."""
        return self.role.name


@dataclass(frozen=True)
class Shape(Generic[StateT, InputsT]):
    """The parts of a fold. Only `load`, `fetch` and `save` do I/O; the others are pure.

    `load` returns None for an event that is none of the fold's. `decide` raises Rejected for one
    that can never be handled. `announce` says what became different: nothing for equal states.
    `save` gets the states before and after.
    """

    load: Callable[[Store, Event], StateT | None]
    fetch: Callable[[StateT, Event], InputsT]
    decide: Callable[[StateT, Event, InputsT], StateT]
    announce: Callable[[StateT, StateT, Event], Outputs]
    save: Callable[[Store, StateT, StateT], None]

    def run(self, store: Store, event: Event) -> Outputs:
        """Carries one event out. Blocks as `load`, `fetch` and `save` do. Repeatable."""
        before = self.load(store, event)
        if before is None:
            return []
        after = self.decide(before, event, self.fetch(before, event))
        self.save(store, before, after)
        return self.announce(before, after, event)


def no_inputs(_state: object, _event: Event) -> None:
    """`fetch` of a fold that decides by its state and the event alone."""
