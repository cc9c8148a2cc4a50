"""The fuse: stops a stage that cannot handle what most people send (docs/adr/0022)."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping

from adapters.kafka.dead_letters import session_of
from adapters.kafka.fetched import Fetched
from schemas.event import Event
from schemas.ids import SessionId
from schemas.rejections import Reason
from schemas.word_events import WarehouseChanged

LEAST_FAILED = 11
"""People whose messages became dead letters, before the fuse opens."""
RECENT = 1_000
"""Messages that the fuse remembers."""
ANSWERS = {Reason.UNKNOWN_SESSION, Reason.TEXT_EXPIRED}
"""Reasons that say how things are, and not that a stage is broken.

A log whose beginning expired starts with messages of sessions that nobody knows any more.
"""
NAMES_A_PERSON = ("owner", "by", "user_id")
"""Fields of events that say whose doing they are."""
OwnersOf = Callable[[set[SessionId]], Mapping[SessionId, str]]
"""The owner of each session that is known. May block for seconds."""


class FuseOpened(RuntimeError):
    """The stage must not go on: `failed` of `sources` had a dead letter, the last for `reason`."""

    def __init__(self, stage: str, failed: int, sources: int, reason: Reason) -> None:
        super().__init__(f"{stage}: dead letters of {failed} of {sources} sources, now {reason}")
        self.failed = failed
        self.sources = sources
        self.reason = reason


class Fuse:
    """Counts who had dead letters lately. Not thread-safe.

    One person never opens it, however much they send and in however many sessions. It opens
    when LEAST_FAILED had some, and they are most of all whose messages came.
    """

    def __init__(self, stage: str, owners_of: OwnersOf) -> None:
        """`owners_of` is asked only when enough sessions had dead letters."""
        self._stage = stage
        self._owners_of = owners_of
        self._recent: deque[tuple[str, bool]] = deque(maxlen=RECENT)
        self._people: dict[str, str] = {}

    def handled(self, source: str) -> None:
        """A message of `source_of` was handled."""
        self._recent.append((source, False))

    def rejected(self, source: str, reason: Reason) -> None:
        """A message is to be a dead letter. Raises FuseOpened when there are too many sources."""
        if reason in ANSWERS:
            return
        self._recent.append((source, True))
        if self._failed() < LEAST_FAILED:
            return
        self._ask_for_people()
        failed = self._failed()
        everybody = len(self._people_of(source for source, _ in self._recent))
        if failed >= LEAST_FAILED and 2 * failed > everybody:
            raise FuseOpened(self._stage, failed, everybody, reason)

    def _failed(self) -> int:
        """How many people had dead letters, as far as they are known."""
        failed = (source for source, has_failed in self._recent if has_failed)
        return len(self._people_of(failed))

    def _people_of(self, sources: Iterable[str]) -> set[str]:
        """The people behind `sources`. A source whose person is not known stands for itself."""
        return {self._people.get(source, source) for source in sources}

    def _ask_for_people(self) -> None:
        """Finds the people behind recent sources that it does not know; forgets all others."""
        sources = {source for source, _ in self._recent}
        unknown = sources - self._people.keys()
        self._people = {source: self._people.get(source, source) for source in sources}
        if not unknown:
            return
        owners = self._owners_of({SessionId(source) for source in unknown})
        for session, owner in owners.items():
            self._people[str(session)] = owner


def source_of(source: Fetched, event: Event | None) -> str:
    """The source of a message: a person, else a session, else a group, else the message itself."""
    for name in NAMES_A_PERSON:
        person = getattr(event, name, "")
        if person:
            return str(person)
    if not isinstance(event, WarehouseChanged):
        return session_of(source, event) or source.key_text
    if len(event.users) == 1:
        return event.users[0]
    return event.event_id
