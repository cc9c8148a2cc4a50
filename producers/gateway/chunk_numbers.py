"""The chunk numbers that are taken: nobody lists the object store for each chunk.

The sessions fold decides which bytes have a number, and the directory shows its decisions. A
gateway remembers the chunks that it acknowledged until the directory has them. Two gateways that
take different bytes for one number at once both answer 201: the first in the log wins, and the
session names the conflict.
"""

from producers.gateway.directory import Directory
from producers.gateway.kept_latest import KeptLatest
from schemas.ids import SessionId
from schemas.ranges import covers

KEPT = 10_000
"""The latest chunks of this process: many times what comes while the directory lags."""


class ChunkNumbers:
    """For one event loop; nothing blocks."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._acknowledged = KeptLatest[tuple[SessionId, int], None](KEPT)

    def note(self, session_id: SessionId, seq: int) -> None:
        """This process acknowledged a chunk with the number."""
        self._acknowledged.put((session_id, seq), None)

    def is_taken(self, session_id: SessionId, seq: int) -> bool:
        """Whether a chunk with the number was acknowledged, as far as this process knows."""
        if (session_id, seq) in self._acknowledged:
            return True
        listing = self._directory.listing(session_id)
        return listing is not None and covers(listing.received, seq, seq + 1)
