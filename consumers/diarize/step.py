"""The step of `diarize`: the diarization chunks that a window owns become voices."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from adapters.objects.store import BlobStore
from adapters.process.clock import Clock
from adapters.process.priority import step_behind
from consumers.audio.decoder import Samples
from consumers.audio.window_audio import WindowAudio
from consumers.runtime.window_step import LEFT_BY_A_STOP, WindowStep
from consumers.voices.diarization import Diarizer, Voices, diarize_window
from schemas import topics
from schemas.object_kinds import VOICES
from schemas.ranges import Ranges, clip
from schemas.speech_events import WindowReady, WindowVoiced


@dataclass(frozen=True)
class ChunkAudio:
    """The audio of diarization chunks, and whether they are the session's last."""

    samples: Samples
    chunks: range
    is_last: bool


class Diarize(WindowStep[ChunkAudio]):
    """Stores the voices of each window: activity and embeddings of the chunks that end in it."""

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
        diarizer: Diarizer,
        passes: int = 1,
    ) -> None:
        """`passes`: windows that are diarized side by side, a thread each.

        The threads step behind those of `transcribe`, which has more to do for the same audio: the
        last work after a stop is then spread over all cores (docs/adr/0028).
        """
        super().__init__(blobs, clock, model)
        self._audio = audio
        self._diarizer = diarizer
        self._threads = ThreadPoolExecutor(
            passes, thread_name_prefix="pass", initializer=step_behind
        )
        self.batch_size = max(passes, LEFT_BY_A_STOP)

    def prepare(self, window: WindowReady) -> tuple[ChunkAudio, Ranges]:
        """From the first chunk that ends in the window to the end of the last one.

        Without such a chunk there is no audio to fetch and none is missing.
        """
        grid = self._diarizer.grid
        owned = grid.owned(window.start_ms, window.end_ms, window.session_end_ms)
        if not owned:
            return ChunkAudio(np.zeros(0, np.float32), owned, is_last=False), ()
        end_ms = min(grid.end_ms(owned), window.end_ms)
        samples, missing = self._audio.load(
            window.session_id, window.chunks, grid.start_ms(owned), end_ms
        )
        is_last = window.session_end_ms is not None
        in_window = clip(missing, window.start_ms, window.end_ms)
        return ChunkAudio(samples, owned, is_last), in_window

    def work(self, ready: Sequence[ChunkAudio]) -> list[bytes]:
        """An npz of Voices each. A window is a batch of chunks already, so each has a pass."""
        of_windows = self._threads.map(self._voices, ready)
        return [voices.to_bytes() for voices in of_windows]

    def _voices(self, window: ChunkAudio) -> Voices:
        if not window.chunks:
            return Voices.silence()
        return diarize_window(self._diarizer, window.chunks, window.is_last, window.samples)
