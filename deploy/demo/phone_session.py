"""Playing a file as a phone would: chunks go out while the recording goes on."""

import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from producers.phone.client import Phone
from producers.phone.file_chunks import CHUNK_S, cut
from producers.phone.outbox import Outbox, Waiting
from schemas.ids import SessionId

Heard = Callable[[float], None]
Pace = Callable[[float], float]
"""At which moment (time.monotonic) a phone has recorded so many seconds."""
ZONE = "Asia/Singapore"


def steadily(speed: float) -> Pace:
    """From now on, at `speed` times real time."""
    began = time.monotonic()
    return lambda seconds: began + seconds / speed


@dataclass(frozen=True)
class About:
    """What a phone says of a session when it begins: how many people there are, which group it is for, how long its words are kept."""

    speakers_hint: int | None = None
    group_id: str | None = None
    keep_transcript_days: int = 30


def session_body(about: About) -> dict[str, Any]:
    """Return the JSON body with which a phone starts a session now."""
    now = datetime.now(UTC)
    return {
        "time_zone": ZONE,
        "recorded_at": (now - timedelta(seconds=1)).isoformat(),
        "consent": {"text_version": "local-1", "agreed_at": now.isoformat()},
        **asdict(about),
    }


def record(
    phone: Phone,
    session_id: SessionId,
    audio: Path,
    pace: Pace,
    heard: Heard,
    about: About = About(),
    chunk_s: float = CHUNK_S,
) -> float:
    """Blocking: as long as `pace` makes the recording. Returns seconds of audio sent."""
    sent_ms, chunks = 0, 0
    phone.start(session_id, session_body(about))
    with tempfile.TemporaryDirectory(prefix="lahstats-outbox-") as folder:
        outbox = Outbox(Path(folder))
        for chunk in cut(audio, chunk_s):
            ends_ms = chunk.start_ms + chunk.duration_ms
            # A phone has a chunk only when the time it holds has passed.
            time.sleep(max(0.0, pace(ends_ms / 1000) - time.monotonic()))
            outbox.add(
                Waiting(chunk.seq, chunk.start_ms, chunk.duration_ms, "audio/flac"), chunk.content
            )
            phone.send(session_id, outbox)
            sent_ms, chunks = ends_ms, chunks + 1
            heard(sent_ms / 1000)
    phone.complete(session_id, chunks)
    return sent_ms / 1000
