"""Work on audio whose window is not ready yet, by a worker that has nothing else to do.

An upload of 30 s ends in the middle of a window of 20 s. After a stop that half would be worked on
while somebody waits, though it came with the upload before.
"""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from adapters.process.logs import logger
from adapters.process.priority import step_back_alone
from adapters.process.retry import is_stopping
from consumers.diarize.chunk_audio import ChunkAudio
from consumers.voices.remembered import RememberingDiarizer
from consumers.voices.utterances import find_utterances
from schemas.audio import SAMPLES_PER_MS

REST_S = 0.5
"""A worker without a window for so long has nothing to do."""


class Ahead:
    """One thread of the least priority, and the diarizer that remembers. Nothing here blocks.

    It works a chunk at a time. After `stop` at most the one in hand is finished.
    """

    def __init__(self, diarizer: RememberingDiarizer, rest_s: float = REST_S) -> None:
        self._diarizer = diarizer.ahead()
        self._rest_s = rest_s
        self._stopped = threading.Event()
        self._thread = ThreadPoolExecutor(1, "ahead", initializer=step_back_alone)

    def begin(self, parts: Sequence[ChunkAudio]) -> Future[None]:
        """Work on `parts` after a rest, until `stop`. The diarizer remembers it."""
        self._stopped = threading.Event()
        done = self._thread.submit(self._work, parts, self._stopped)
        done.add_done_callback(_log_failure)
        return done

    def stop(self) -> None:
        """The worker has a window."""
        self._stopped.set()

    def _work(self, parts: Sequence[ChunkAudio], stopped: threading.Event) -> None:
        if stopped.wait(self._rest_s):
            return
        for part in parts:
            for start in range(len(part.chunks)):
                if stopped.is_set() or is_stopping():
                    return
                self._chunk(part, start)
            self._utterances(part)

    def _chunk(self, part: ChunkAudio, number: int) -> None:
        grid = self._diarizer.grid
        first = number * grid.step_ms * SAMPLES_PER_MS
        samples = part.samples[first : first + grid.chunk_ms * SAMPLES_PER_MS]
        self._diarizer.embed(samples, self._diarizer.segment(samples))

    def _utterances(self, part: ChunkAudio) -> None:
        """Pieces that end where the audio does go on in the next upload, and are left to it."""
        grid = self._diarizer.grid
        ends_ms = grid.utterance_ends(part.chunks, is_last=False)
        find_utterances(
            self._diarizer.embed_pieces, part.samples, grid.start_ms(part.chunks), ends_ms
        )


def _log_failure(done: "Future[None]") -> None:
    """Nobody waits for it, and the window will meet the same."""
    error = done.exception()
    if error is not None:
        logger().warning("work_ahead_failed", error=type(error).__name__, exc_info=error)
