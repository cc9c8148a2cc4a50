"""Playing a file as a phone would: chunks go out while the recording goes on."""

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from producers.phone.client import Phone
from producers.phone.queue_on_disk import Outbox, Waiting
from producers.phone.recording import cut

Heard = Callable[[float], None]
ZONE = "Asia/Singapore"


def record(phone: Phone, session_id: str, audio: Path, speed: float, heard: Heard, hint: int | None = None) -> float:
    """Blocking: about the recording's length over `speed`. Returns seconds of audio sent."""
    now = datetime.now(UTC)
    began, sent_ms, chunks = time.monotonic(), 0, 0
    consent = {"text_version": "local-1", "agreed_at": now.isoformat()}
    body = {"time_zone": ZONE, "recorded_at": (now - timedelta(seconds=1)).isoformat(), "consent": consent, "speakers_hint": hint}
    phone.start(session_id, body)
    with tempfile.TemporaryDirectory(prefix="lahstats-outbox-") as folder:
        outbox = Outbox(Path(folder))
        for chunk in cut(audio):
            ends_ms = chunk.start_ms + chunk.duration_ms
            # A phone has a chunk only when the time it holds has passed.
            time.sleep(max(0.0, began + ends_ms / 1000 / speed - time.monotonic()))
            outbox.add(Waiting(chunk.seq, chunk.start_ms, chunk.duration_ms, "audio/flac"), chunk.content)
            phone.send(session_id, outbox)
            sent_ms, chunks = ends_ms, chunks + 1
            heard(sent_ms / 1000)
    phone.complete(session_id, chunks)
    return sent_ms / 1000
