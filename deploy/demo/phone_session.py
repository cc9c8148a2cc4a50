"""A phone that plays a file: chunks go out while the recording goes on."""

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

from producers.phone.client import Phone
from producers.phone.file_chunks import CHUNK_S, Chunk, cut
from producers.phone.outbox import Outbox, Waiting
from schemas.ids import SessionId

Sent = Callable[[float], None]
"""Gets the seconds of audio that were sent."""
Pace = Callable[[float], float]
"""Returns the moment (time.monotonic) at which a phone has recorded so many seconds."""
ZONE = "Asia/Singapore"
FASTEST = 1e9
"""Speed of a phone that sends as fast as it can."""


def steadily(speed: float) -> Pace:
    """Return a pace that begins now, at `speed` times real time."""
    began = time.monotonic()
    return lambda seconds: began + seconds / speed


@dataclass(frozen=True)
class About:
    """Facts about a session that a phone may send with its start."""

    speakers_hint: int | None = None
    group_id: str | None = None
    keep_transcript_days: int | None = None


def session_body(about: About) -> dict[str, object]:
    """Return the JSON body with which a phone starts a session now."""
    now = datetime.now(UTC)
    return {
        "time_zone": ZONE,
        "recorded_at": (now - timedelta(seconds=1)).isoformat(),
        "consent": {"text_version": "local-1", "agreed_at": now.isoformat()},
        **asdict(about),
    }


def check(audio: Path) -> None:
    """Raise what `cut` raises for a file of which nothing can be sent. Blocks for a moment."""
    _begun(audio, CHUNK_S)


def record(
    phone: Phone,
    session_id: SessionId,
    audio: Path,
    pace: Pace,
    sent: Sent,
    about: About = About(),
    chunk_s: float = CHUNK_S,
) -> float:
    """Send `audio` as a session and return its seconds.

    Blocks as long as `pace` makes the recording. Raises what Phone and `cut` raise. A file of which
    nothing can be sent begins no session.
    """
    recorded = _begun(audio, chunk_s)
    phone.start(session_id, session_body(about))
    sent_s = 0.0
    chunks = 0
    with tempfile.TemporaryDirectory(prefix="lahstats-outbox-") as folder:
        outbox = Outbox(Path(folder))
        for chunk in recorded:
            sent_s = (chunk.start_ms + chunk.duration_ms) / 1000
            # A phone has a chunk only when the time that it covers has passed.
            time.sleep(max(0.0, pace(sent_s) - time.monotonic()))
            outbox.add(_waiting(chunk), chunk.content)
            phone.send(session_id, outbox)
            chunks += 1
            sent(sent_s)
    phone.complete(session_id, chunks)
    return sent_s


def _begun(audio: Path, chunk_s: float) -> Iterator[Chunk]:
    """All chunks, of which the first one is there. Raises what `cut` raises for it."""
    chunks = cut(audio, chunk_s)
    return chain([next(chunks)], chunks)


def _waiting(chunk: Chunk) -> Waiting:
    return Waiting(chunk.seq, chunk.start_ms, chunk.duration_ms, "audio/flac")
