"""Markers of erased sessions leave when nothing of the session can come back any more.

Parts of uploads that broke off leave with them.
"""

from datetime import timedelta

from adapters.erasure.erasable_objects import forget_marks
from adapters.erasure.erasable_rows import ON_DISK, Session
from adapters.objects.store import BlobStore
from adapters.warehouse import Statements
from schemas.days import moment
from schemas.retention import MARKS_MS

UNFINISHED = timedelta(days=1)
"""An upload that began so long ago never becomes an object."""
AT_ONCE = 1_000
"""Markers of one deletion: as many objects go by one request."""
IS_OLD = "erased_at < fromUnixTimestamp64Milli({before_ms:Int64})"
OLD = f"""
SELECT session_id FROM erased_sessions FINAL WHERE {IS_OLD}
ORDER BY erased_at LIMIT {{most:UInt64}}
"""  # noqa: S608 - constants of this module
FORGET = f"""
ALTER TABLE erased_sessions DELETE
WHERE {IS_OLD} AND session_id IN {{sessions:Array(String)}} {ON_DISK}
"""


class OldMarks:
    """Removes the marker in the object store first: the row tells which markers are left."""

    def __init__(self, blobs: BlobStore, warehouse: Statements) -> None:
        self._blobs = blobs
        self._warehouse = warehouse

    def remove(self, now_ms: int) -> None:
        """Remove all that are old at this Unix time. Blocking, repeatable."""
        while self._some(now_ms - MARKS_MS):
            pass
        begun = moment(now_ms) - UNFINISHED
        self._blobs.abort_uploads("", before=begun)

    def _some(self, before_ms: int) -> bool:
        """Whether there may be more."""
        values: dict[str, object] = {"before_ms": before_ms, "most": AT_ONCE}
        old = [row.session_id for row in self._warehouse.query(OLD, values, row=Session)]
        if old:
            forget_marks(self._blobs, old)
            self._warehouse.command(FORGET, {**values, "sessions": old})
        return len(old) == AT_ONCE
