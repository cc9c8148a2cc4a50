"""`lahstats benchmark batches`: the gain when windows share a pass of the model."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from operator import eq
from pathlib import Path
from typing import Any

from adapters.objects.lexicons import shipped_lexicon
from adapters.settings import Settings
from consumers.transcribe.main import compose_transcriber
from consumers.transcribe.passes import Passes
from consumers.transcribe.step import CutWindow, SideBySide, transcribe_windows
from consumers.transcribe.transcriber import Transcriber
from consumers.transcribe.whisper import passes
from deploy.benchmark import shared_passes
from deploy.benchmark.in_process import loaded_whisper, owned_windows, read
from deploy.benchmark.shared_passes import Compared, Run, as_many, compared
from deploy.benchmark.speech import recordings
from schemas.objects import TranscribedWord

Place = tuple[str, int, int]
"""A word: text, start and end in milliseconds."""
COLUMNS = {
    "size": "windows a pass",
    "passes": "passes at once",
    "s_a_window": "s a window",
    "times_real_time": "times real time",
    "outside": "outside the model",
    "ratio": "ratio to the first",
    "same": "same words",
}


@dataclass(frozen=True, kw_only=True)
class Batch(Compared):
    """The cost of a window when `size` windows share a pass, and `passes` run side by side.

    `outside` is the share of that time in which no call of the model runs: finding speech,
    features, choosing, placing words. On an accelerator it is the processor's share, and the device
    waits.
    """

    size: int
    passes: int
    outside: float


class TimedModel:
    """The library's model; `seconds` is the time in which some call of it ran. Thread-safe."""

    def __init__(self, model: Any, clock_s: Callable[[], float] = time.perf_counter) -> None:
        self._model = model
        self._clock_s = clock_s
        self._lock = threading.Lock()
        self._calls = 0
        self._began = 0.0
        self.seconds = 0.0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._model, name)
        if not callable(found):
            return found

        def timed(*given: Any, **options: Any) -> Any:
            self._begin()
            try:
                return found(*given, **options)
            finally:
                self._end()

        return timed

    def _begin(self) -> None:
        with self._lock:
            if not self._calls:
                self._began = self._clock_s()
            self._calls += 1

    def _end(self) -> None:
        with self._lock:
            self._calls -= 1
            if not self._calls:
                self.seconds += self._clock_s() - self._began


def measure(
    folder: Path, sizes: Sequence[int], counts: Sequence[int], windows: int
) -> Iterator[Batch]:
    """Transcribe the same windows of several recordings in passes of each size. Blocking.

    Sizes and counts of passes are combined, one after the other.
    """
    settings = Settings(transcribe_passes=max(counts))
    transcriber, timed = _timed_transcriber(settings)
    cut = _windows(folder, settings.window_ms, windows)
    transcribe_windows(transcriber, cut[:1])  # what is loaded late is loaded now
    first: Run[list[Place]] | None = None
    rounds = passes(settings).rounds
    for size, count in product(sizes, counts):
        timed.seconds = 0.0
        run = _run(SideBySide(transcriber, Passes(size, count, rounds)), cut)
        first = first or run
        within_s = timed.seconds / len(cut)
        yield Batch(
            size=size,
            passes=count,
            outside=round(1 - within_s / run.seconds, 3),
            **asdict(compared(run, first, settings.window_ms, eq)),
        )


def _timed_transcriber(settings: Settings) -> tuple[Transcriber, TimedModel]:
    whisper = loaded_whisper(settings)
    timed = TimedModel(whisper.library.model)
    whisper.library.model = timed
    return compose_transcriber(whisper, shipped_lexicon()), timed


def _run(side_by_side: SideBySide, cut: Sequence[CutWindow]) -> Run[list[Place]]:
    """Transcribe all windows, as many at once as the passes take."""
    at_once = side_by_side.passes.windows
    words: list[Sequence[TranscribedWord]] = []
    began = time.perf_counter()
    for start in range(0, len(cut), at_once):
        words += side_by_side.words(cut[start : start + at_once])
    seconds = time.perf_counter() - began
    return Run(seconds / len(cut), [_places(of_window) for of_window in words])


def _places(words: Sequence[TranscribedWord]) -> list[Place]:
    return [(word.text, word.start_ms, word.end_ms) for word in words]


def _windows(folder: Path, window_ms: int, wanted: int) -> list[CutWindow]:
    """Return windows that are spread over the recordings; they come again when more are wanted.

    The last window of a recording is shorter than the others, and is left out.
    """
    found: list[CutWindow] = []
    for path in recordings(folder):
        of_recording = list(owned_windows(read(path), window_ms))
        found += of_recording[:-1]
    spread = found[:: max(1, len(found) // wanted)]
    return as_many(spread, wanted)


def markdown(found: Sequence[Batch]) -> list[str]:
    """Return a Markdown table."""
    return shared_passes.markdown(COLUMNS, found)
