"""The audio that one window gives `diarize`, and the part of the next one that is there already."""

from dataclasses import dataclass

import numpy as np

from consumers.audio.decoder import Samples
from consumers.audio.window_audio import WindowAudio
from consumers.voices.grid import Grid
from schemas.ranges import Ranges, clip
from schemas.speech_events import WindowReady


@dataclass(frozen=True)
class ChunkAudio:
    """The audio of diarization chunks, and whether they are the session's last."""

    samples: Samples
    chunks: range
    is_last: bool


def of_window(audio: WindowAudio, grid: Grid, window: WindowReady) -> tuple[ChunkAudio, Ranges]:
    """From the first chunk that ends in the window to the end of the last one. Blocking.

    The second value are the missing spans of the window. Without such a chunk there is no audio to
    fetch and none is missing.
    """
    owned = grid.owned(window.start_ms, window.end_ms, window.session_end_ms)
    if not owned:
        return ChunkAudio(np.zeros(0, np.float32), owned, is_last=False), ()
    end_ms = min(grid.end_ms(owned), window.end_ms)
    samples, missing = audio.load(window.session_id, window.chunks, grid.start_ms(owned), end_ms)
    is_last = window.session_end_ms is not None
    in_window = clip(missing, window.start_ms, window.end_ms)
    return ChunkAudio(samples, owned, is_last), in_window


def behind_window(audio: WindowAudio, grid: Grid, window: WindowReady) -> ChunkAudio | None:
    """The chunks that end behind the window, as far as its uploads go. Blocking.

    None when there are none, and when the uploads hold all of the next window: it is ready itself.
    """
    there_ms = max((one.start_ms + one.duration_ms for one in window.chunks), default=0)
    next_end_ms = 2 * window.end_ms - window.start_ms
    if window.session_end_ms is not None or there_ms >= next_end_ms:
        return None
    owned = grid.owned(window.end_ms, there_ms, None)
    if not owned:
        return None
    start_ms = grid.start_ms(owned)
    chunks = [one for one in window.chunks if one.start_ms + one.duration_ms > start_ms]
    samples, _ = audio.load(window.session_id, chunks, start_ms, grid.end_ms(owned))
    return ChunkAudio(samples, owned, is_last=False)
