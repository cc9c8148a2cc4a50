"""Listen to the diarization chunks that a window owns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from adapters.objects.store import BlobStore
from adapters.process.clock import Clock
from consumers.audio.decoder import Samples
from consumers.audio.window_audio import WindowAudio
from consumers.runtime.window_step import WindowStep
from consumers.voices.diarization import Grid, Voices, listen
from schemas import topics
from schemas.object_kinds import VOICES
from schemas.ranges import Ranges, clip
from schemas.speech_events import WindowReady, WindowVoiced


@dataclass(frozen=True)
class Owned:
    """The audio of these diarization chunks; whether they are the session's last."""

    samples: Samples
    chunks: range
    is_last: bool


class Diarize(WindowStep[Owned]):
    """Arrays of each window: activity and embeddings of the window's own chunks."""

    name = "diarize"
    answers_on = topics.VOICED
    result_type = WindowVoiced
    kind = VOICES

    def __init__(
        self,
        blobs: BlobStore,
        clock: Clock,
        model: str,
        audio: WindowAudio,
        pipeline: Any,
        grid: Grid,
    ) -> None:
        super().__init__(blobs, clock, model)
        self._audio, self._pipeline, self._grid = audio, pipeline, grid

    def prepare(self, window: WindowReady) -> tuple[Owned, Ranges]:
        """From the first chunk that ends in the window to the end of the last one; nothing when there is none."""
        owned = self._grid.owned(window.start_ms, window.end_ms, window.session_end_ms)
        if not owned:
            return Owned(np.zeros(0, np.float32), owned, False), ()
        first_ms = owned.start * self._grid.step_ms
        last_ms = (owned.stop - 1) * self._grid.step_ms + self._grid.chunk_ms
        samples, missing = self._audio.load(
            window.session_id, window.chunks, first_ms, min(last_ms, window.end_ms)
        )
        return Owned(samples, owned, window.session_end_ms is not None), clip(
            missing, window.start_ms, window.end_ms
        )

    def work(self, ready: Sequence[Owned]) -> list[bytes]:
        """An npz of Voices each; empty arrays when no chunk ends in the window. One by one: a window is a batch of chunks already."""
        return [self._voices(window).to_bytes() for window in ready]

    def _voices(self, window: Owned) -> Voices:
        if not window.chunks:
            return Voices(np.zeros((0, 0, 0), np.uint8), np.zeros((0, 0, 0), np.float32))
        return listen(self._pipeline, self._grid, window.chunks, window.is_last, window.samples)
