"""The shape of a topic: its fact sheet. `schemas/topics.py` has those of all topics."""

from dataclasses import dataclass

from schemas.event import Event
from schemas.limits import DAY_MS
from schemas.stage_names import StageName as Stage

SESSION_PARTITIONS = 12
"""Partitions of every topic that Faust joins by session: the partitions of a key stay together."""
WEEK_MS = 7 * DAY_MS


@dataclass(frozen=True, kw_only=True)
class Topic:
    """Facts of one topic. Only `events` may be on it; the codec rejects others.

    `writers` may publish to it, and `readers` subscribe to it: nothing else says so.
    `key` names the fields of the Kafka key. `dealt_by` names a field that numbers the events of a
    key: they are dealt over all partitions by it. Without one, the hash of the key decides.
    A compacted topic keeps the last event of each key; any other keeps its events `retention_ms`.
    A topic that `yields` is worked on while no other topic of the same group has messages, and one
    batch in a few even then. `replaced_by` names a field that numbers what is asked for: a message
    makes those of its key before it needless whose number is no higher, and who has not begun with
    them leaves them out. Events without the field make no other one needless.
    """

    name: str
    events: tuple[type[Event], ...]
    writers: tuple[Stage, ...]
    readers: tuple[Stage, ...]
    key: tuple[str, ...] = ("session_id",)
    dealt_by: str | None = None
    partitions: int = SESSION_PARTITIONS
    compacted: bool = False
    yields: bool = False
    replaced_by: str | None = None
    retention_ms: int = WEEK_MS

    @property
    def dead_letters(self) -> str:
        """Name of the topic beside it that takes its dead letters."""
        return f"{self.name}.dlq"
