"""The step of `diarize`: the diarization chunks that a window owns become voices."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from adapters.objects.store import BlobStore
from adapters.process.clock import Clock
from consumers.audio.window_audio import WindowAudio
from consumers.diarize.ahead import Ahead
from consumers.diarize.chunk_audio import ChunkAudio, behind_window, of_window
from consumers.runtime.window_step import LEFT_BY_A_STOP, WindowStep
from consumers.voices.diarization import Voices, WindowDiarizer, diarize_window
from schemas import topics
from schemas.object_kinds import VOICES
from schemas.ranges import Ranges
from schemas.speech_events import WindowReady, WindowVoiced


@dataclass(frozen=True)
class OwnAudio:
    """The audio of a window, and that of the next one which is there already, if any is wanted."""

    own: ChunkAudio
    behind: ChunkAudio | None = None


class Diarize(WindowStep[OwnAudio]):
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
        diarizer: WindowDiarizer,
        passes: int = 1,
        ahead: Ahead | None = None,
    ) -> None:
        """`passes`: windows that are diarized side by side, a thread each.

        `ahead` gets the audio behind the windows while there is no other work. It has the same
        `diarizer`, which then remembers.
        """
        super().__init__(blobs, clock, model)
        self._audio = audio
        self._diarizer = diarizer
        self._ahead = ahead
        self._threads = ThreadPoolExecutor(passes, thread_name_prefix="pass")
        self.batch_size = max(passes, LEFT_BY_A_STOP)

    def prepare(self, window: WindowReady) -> tuple[OwnAudio, Ranges]:
        """The audio of the chunks, and the missing spans of the window."""
        grid = self._diarizer.grid
        own, missing = of_window(self._audio, grid, window)
        behind = behind_window(self._audio, grid, window) if self._ahead else None
        return OwnAudio(own, behind), missing

    def work(self, ready: Sequence[OwnAudio]) -> list[bytes]:
        """An npz of Voices each. A window is a batch of chunks already, so each has a pass."""
        if self._ahead:
            self._ahead.stop()
        found = [voices.to_bytes() for voices in self._threads.map(self._voices, ready)]
        if self._ahead:
            self._ahead.begin([one.behind for one in ready if one.behind])
        return found

    def _voices(self, window: OwnAudio) -> Voices:
        own = window.own
        if not own.chunks:
            return Voices.silence()
        return diarize_window(self._diarizer, own.chunks, own.is_last, own.samples)
