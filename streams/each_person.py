"""Pure: people in the state of a session or a group, and how much each of them may fill."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.ids import UserId

MOST_MERGES_AND_SPLITS = 300
"""That hold in one session, of all people together."""


def stand_in(place: str, user: UserId) -> str:
    """Returns 16 digits that are the user's in this session or group alone.

    They name nobody, and stay when their user leaves.
    """
    text = f"{place} {user}"
    digest = hashlib.sha256(text.encode())
    return digest.hexdigest()[:16]


@dataclass(frozen=True)
class Share:
    """How many of something one person may have in a session, and all people together."""

    of_person: int
    of_all: int

    def is_used_up(self, makers: Sequence[str], maker: str) -> bool:
        """Whether `maker` may have no more. `makers` are the stand-ins behind those there are."""
        return makers.count(maker) >= self.of_person or len(makers) >= self.of_all
