"""The owners of sessions, as the directory of sessions has them."""

from collections.abc import Mapping

from adapters.kafka.reader import whole
from schemas import topics
from schemas.codec import decode
from schemas.ids import SessionId
from schemas.rejections import Rejected
from schemas.session_rows import SessionListing


class SessionOwners:
    """Reads the whole directory at each question: it is asked when something is badly wrong."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap

    def of(self, sessions: set[SessionId]) -> Mapping[SessionId, str]:
        """The owner of each of `sessions` that is listed. Blocking, seconds.

        Raises TransientError when the broker stays away.
        """
        found: dict[SessionId, str] = {}
        for message in whole(self._bootstrap, "session-owners", topics.DIRECTORY):
            if message.key_text in sessions:
                found |= _owner(message.value)
        return found


def _owner(value: bytes | None) -> dict[SessionId, str]:
    try:
        listing = decode(topics.DIRECTORY, value)
    except Rejected:
        return {}
    assert isinstance(listing, SessionListing)
    return {listing.session_id: listing.owner}
