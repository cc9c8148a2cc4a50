"""The objects that the orders of one event ask for, each read once where several of them do."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from schemas.codec import document
from schemas.event import Pointer
from schemas.objects import TranscribedWord, TranscribedWords, Turns
from schemas.rejections import Rejected
from streams.read_ahead import Reader

NEIGHBOURS = 64
"""Windows whose words are kept while their neighbours are attributed."""


@dataclass(frozen=True)
class Sources:
    """Readers of objects. Blocking; they raise Rejected for one that is missing or damaged."""

    turns: Callable[[Pointer], Turns]
    words: Callable[[Pointer], tuple[TranscribedWord, ...]]

    def neighbour(self, words: Pointer | None) -> tuple[TranscribedWord, ...]:
        """The words of a neighbour; none where they are lost: its own order says so.

        They are made anew then, and so is the window beside it.
        """
        if words is None:
            return ()
        try:
            return self.words(words)
        except Rejected:
            return ()


def sources_in(objects: Reader) -> Sources:
    """Returns readers that have read nothing yet."""

    def turns(pointer: Pointer) -> Turns:
        return document(objects.get(pointer), Turns)

    def words(pointer: Pointer) -> tuple[TranscribedWord, ...]:
        return document(objects.get(pointer), TranscribedWords).words

    return Sources(cache(turns), lru_cache(NEIGHBOURS)(words))
