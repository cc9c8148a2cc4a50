"""The offsets that a consumer group has yet to pass: live ones, and others that catch up."""

from collections.abc import Sequence
from enum import StrEnum

from adapters.kafka.asked_offsets import AskedOffsets
from adapters.kafka.ends import places_of
from schemas.fact_sheet import Topic


class Kind(StrEnum):
    """Whether somebody waits for a message now."""

    LIVE = "live"
    CATCHING_UP = "catching_up"


class GroupLag:
    """The lag of one group on the topics that it reads. Never joins the group."""

    def __init__(self, bootstrap: str, group: str, reads: Sequence[Topic]) -> None:
        """Asks nothing yet."""
        self._group = group
        self._reads = reads
        self._places = places_of(reads)
        self._offsets = AskedOffsets(bootstrap)

    def by_kind(self) -> dict[Kind, int]:
        """Offsets that wait; topics that yield catch up. Blocking; two requests to the broker.

        The mark at the end of a transaction is one too: behind a stage that writes one message in
        each, twice as many wait as there are messages. Raises TransientError when the broker is
        away.
        """
        kinds = {topic.name: _kind_of(topic) for topic in self._reads}
        found = dict.fromkeys(kinds.values(), 0)
        done = self._offsets.committed(self._group, self._places)
        ends = self._offsets.stable_ends(self._places)
        for place, end in ends.items():
            found[kinds[place[0]]] += max(0, end - done.get(place, 0))
        return found


def _kind_of(topic: Topic) -> Kind:
    return Kind.CATCHING_UP if topic.yields else Kind.LIVE
