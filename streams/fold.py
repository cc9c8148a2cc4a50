"""The type of a fold, as the agent runs it, and the one shape that every fold has."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from schemas import stage_kinds
from schemas.event import Event
from schemas.fact_sheet import Topic
from streams.store import Store

Outputs = list[tuple[Topic, Event]]
"""Events to publish, in this order."""
Run = Callable[[Store, Event], Outputs]
"""Reads and writes the store. Raises Rejected for an event that it can never handle."""
Ahead = Callable[[Sequence[Event]], None]
"""Begins to read what these events will need. Does not block, and raises nothing."""
StateT = TypeVar("StateT")
InputsT = TypeVar("InputsT")
SaidT = TypeVar("SaidT")


@dataclass(frozen=True)
class Fold:
    """One fold of `schemas.stages` and its function.

    `ahead` is called with all events of a micro-batch, then `run` for each of them, in order. `run`
    may block.
    """

    role: stage_kinds.Fold
    run: Run
    ahead: Ahead | None = None

    @property
    def name(self) -> str:
        """The name of the fold and of its table."""
        return self.role.name


@dataclass(frozen=True)
class Shape(Generic[StateT, InputsT, SaidT]):
    """The parts of a fold. `decide` and `announce` are pure; the others do I/O.

    `load` returns None for an event that the fold ignores. `decide` raises Rejected for one
    that can never be handled. `announce` says what became different: nothing for equal states.
    `publish` makes events of that, after it has put their objects. `save` gets the states before
    and after.
    """

    load: Callable[[Store, Event], StateT | None]
    fetch: Callable[[StateT, Event], InputsT]
    decide: Callable[[StateT, Event, InputsT], StateT]
    announce: Callable[[StateT, StateT, Event], list[SaidT]]
    publish: Callable[[list[SaidT]], Outputs]
    save: Callable[[Store, StateT, StateT], None]

    def run(self, store: Store, event: Event) -> Outputs:
        """Carries one event out. Blocks as its parts do.

        Nothing is saved before everything else is done: after an error, the event is decided again
        by the same state. A `decide` that returns its state as it got it ends the event.
        """
        before = self.load(store, event)
        if before is None:
            return []
        after = self.decide(before, event, self.fetch(before, event))
        if after is before:
            return []
        outputs = self.publish(self.announce(before, after, event))
        self.save(store, before, after)
        return outputs


def no_inputs(_state: object, _event: Event) -> None:
    """`fetch` of a fold that decides by its state and the event alone."""


def as_announced(outputs: Outputs) -> Outputs:
    """`publish` of a fold that announces events without objects."""
    return outputs
