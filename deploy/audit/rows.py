"""Pure: stored rows against the rows that there should be, key by key."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from deploy.audit.log_facts import LogFacts
from deploy.audit.report import Difference, Key, Mend

V = TypeVar("V")
GONE = (
    "Its event has left the log: restore it from a backup, or count the session by a newer lexicon."
)


def always(_key: Key) -> bool:
    """The source of every row of a table is kept."""
    return True


@dataclass(frozen=True)
class Rows(Generic[V]):
    """The rows of one session in one table, by their keys within it.

    `columns` are those of a key. `wanted` follow from the log and the objects, `stored` are those
    that a reader sees. `of_many`: a key stands for several rows, so none of them can be deleted.
    `is_kept`: whether the event of which the row of a key is made is in the log, when the session's
    beginning has left it. A repair leaves others alone: it could delete them, and could not write
    them again.
    """

    table: str
    columns: tuple[str, ...]
    facts: LogFacts
    wanted: Mapping[Key, V]
    stored: Sequence[tuple[Key, V]]
    of_many: bool = False
    is_kept: Callable[[Key], bool] = always

    def differences(self) -> Iterator[Difference]:
        """Yield one difference for each key that is missing, extra, doubled or has other values."""
        times = Counter(key for key, _ in self.stored)
        found = dict(self.stored)
        for key, value in self.wanted.items():
            if key not in found:
                yield self._difference(key, "the row is missing", Mend.WRITE_ROWS)
            elif times[key] > 1:
                yield self._difference(key, f"the row is there {times[key]} times", Mend.REPLACE)
            elif found[key] != value:
                yield self._difference(key, "the row has other values", Mend.REPLACE)
        for key in times:
            if key not in self.wanted:
                yield self._difference(key, "nothing has this row as its source", Mend.REPLACE)

    def _difference(self, key: Key, what: str, mend: Mend) -> Difference:
        is_kept = self.facts.is_whole or self.is_kept(key)
        if self.of_many:
            mend = Mend.WRITE_ROWS
        if not is_kept:
            mend = Mend.NONE
        named = dict(zip(self.columns, key, strict=True))
        # A word is no word for a log.
        place = ", ".join(f"{name} {part}" for name, part in named.items() if name != "word")
        return Difference(
            session_id=self.facts.session_id,
            where=f"{self.table}, {place}" if place else self.table,
            what=what,
            advice=mend.advice if is_kept else GONE,
            mend=mend,
            table=self.table,
            key=named,
        )
