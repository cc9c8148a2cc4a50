"""The record of erasures, kept apart from the servers: a backup of before knows nothing of them.

Files of lines, one for each process and day. Restoring a backup does them again.
"""

import os
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from adapters.process.clock import Clock, Every, unix_ms
from schemas.codec import decode, encode
from schemas.days import moment
from schemas.event import Event
from schemas.limits import DAY_MS
from schemas.people_events import ShareListing, UserErased
from schemas.retention import MARKS_MS
from schemas.session_events import SessionErased
from schemas.topics import DECIDED, USERS_DECIDED

Recorded = SessionErased | UserErased | ShareListing
SUFFIX = ".jsonl"
ONE_MORE_DAY = timedelta(days=1)


class ErasureRecord:
    """Blocking; OSError when the disk does not take it. Several processes may write one folder."""

    def __init__(self, folder: Path, clock: Clock = unix_ms) -> None:
        self._folder = folder
        self._clock = clock
        self._looks = Every(DAY_MS)
        # A container that is started again has the name and the number of before. A line that was
        # cut off then would be the beginning of ours.
        self._name = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"

    def note(self, event: Event) -> None:
        """Write an erasure, or the end of a share link; other events are ignored. Repeatable.

        Returns when it is on the disk, in a file of the later of two days: that of the event, or
        today. A clock that is behind makes no record old.
        """
        if not isinstance(event, Recorded):
            return
        if isinstance(event, ShareListing) and not event.revoked:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        day = moment(max(self._clock(), event.occurred_at_ms)).date()
        file = self._folder / f"{day}-{self._name}{SUFFIX}"
        with file.open("ab") as lines:
            lines.write(encode(event) + b"\n")
            lines.flush()
            os.fsync(lines.fileno())

    def since(self, from_ms: int) -> Iterator[Recorded]:
        """Yield the events recorded from the day of this Unix time on, in UTC.

        The moment of the request does not matter: one that was sent back from the dead letters is
        old when it is recorded. Raises Rejected for a broken line. The last line of a process that
        was killed may be a part of one: the erasure was not done then, and is done again.
        """
        first = moment(from_ms).date().isoformat()
        for file in sorted(self._folder.glob(f"*{SUFFIX}")):
            if file.name < first:
                continue
            with file.open("rb") as lines:
                for line in lines:
                    if line.endswith(b"\n"):
                        yield _event(line)

    def forget(self, now_ms: int) -> None:
        """Remove the files of days of which no backup may be restored at this Unix time.

        Repeatable; looks at most once a day.
        """
        if not self._looks.is_due(now_ms):
            return
        oldest = moment(now_ms - MARKS_MS) - ONE_MORE_DAY
        for file in self._folder.glob(f"*{SUFFIX}"):
            if file.name < oldest.date().isoformat():
                file.unlink(missing_ok=True)
        self._looks.mark(now_ms)


def _event(line: bytes) -> Recorded:
    topic = DECIDED if b'"SessionErased"' in line else USERS_DECIDED
    event = decode(topic, line)
    assert isinstance(event, Recorded)
    return event
