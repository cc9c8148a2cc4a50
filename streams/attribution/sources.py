"""The objects that the orders of one event ask for, each read once where several of them do."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from schemas.codec import document
from schemas.event import Pointer
from schemas.objects import AttributedWord, TranscribedWords, Turns
from schemas.rejections import Rejected
from streams.attribution.speakers import OrderedTurns, attribute, ordered
from streams.read_ahead import Reader

NEIGHBOURS = 64
"""Windows whose words are kept while their neighbours are attributed."""
GENERATIONS = 4
"""Generations whose turns are kept: some megabytes of a talk of twelve hours."""
Attributed = tuple[AttributedWord, ...]
ReadTurns = Callable[[Pointer], OrderedTurns]


@dataclass(frozen=True)
class Sources:
    """Readers of objects. Blocking; they raise Rejected for one that is missing or damaged.

    `attributed` are the words at the first pointer by the turns at the second. A talk of hours has
    thousands of turns, and each window is asked for three times: by itself and by its neighbours.
    """

    turns: ReadTurns
    attributed: Callable[[Pointer, Pointer], Attributed]

    def neighbour(self, words: Pointer | None, turns: Pointer) -> Attributed:
        """The words of a neighbour; none where they are lost: its own order says so.

        They are made anew then, and so is the window beside it.
        """
        if words is None:
            return ()
        try:
            return self.attributed(words, turns)
        except Rejected:
            return ()


def turns_in(objects: Reader) -> ReadTurns:
    """Returns a reader of turns that remembers the latest: each slice of a talk asks for them."""

    @lru_cache(GENERATIONS)
    def read_turns(pointer: Pointer) -> OrderedTurns:
        return ordered(document(objects.get(pointer), Turns))

    return read_turns


def sources_in(objects: Reader, read_turns: ReadTurns) -> Sources:
    """Returns readers that have read no words yet."""

    @lru_cache(NEIGHBOURS)
    def attributed(words: Pointer, turns: Pointer) -> Attributed:
        transcribed = document(objects.get(words), TranscribedWords)
        return attribute(transcribed.words, read_turns(turns))

    return Sources(read_turns, attributed)
