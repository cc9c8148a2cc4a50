"""Pure: stored rows against the rows that there should be, key by key."""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from deploy.audit.report import Difference, Mend
from schemas.ids import SessionId

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
WRITE_AGAIN = "`lahstats audit --repair` writes the session's rows again."
DELETE = "`lahstats audit --repair` deletes the row."


@dataclass(frozen=True)
class Rows(Generic[K, V]):
    """The rows of one session in one table, by their keys within it.

    `wanted` follow from the log and the objects, `stored` are those that a reader sees.
    """

    table: str
    session_id: SessionId
    wanted: Mapping[K, V]
    stored: Sequence[tuple[K, V]]

    def differences(self) -> Iterator[Difference]:
        """Yield one difference for each key that is missing, extra, doubled or has other values."""
        times = Counter(key for key, _ in self.stored)
        found = dict(self.stored)
        for key, value in self.wanted.items():
            if key not in found:
                yield self._difference(key, "the row is missing", Mend.WRITE_ROWS)
            elif found[key] != value:
                yield self._difference(key, "the row has other values", Mend.WRITE_ROWS)
        for key, number in times.items():
            if key not in self.wanted:
                yield self._difference(key, "nothing has this row as its source", Mend.DELETE_ROW)
            elif number > 1:
                yield self._difference(key, f"the row is there {number} times", Mend.DELETE_ROW)

    def _difference(self, key: K, what: str, mend: Mend) -> Difference:
        return Difference(
            session_id=self.session_id,
            where=f"{self.table} {key}",
            what=what,
            advice=WRITE_AGAIN if mend is Mend.WRITE_ROWS else DELETE,
            mend=mend,
        )
