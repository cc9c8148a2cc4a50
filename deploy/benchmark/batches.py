"""`lahstats benchmark batches`: the gain when windows share a pass of the model."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle, islice, product
from pathlib import Path
from typing import Any

from adapters import model_manifest
from adapters.objects.lexicons import shipped_lexicon
from adapters.settings import Settings
from consumers.transcribe.main import compose_transcriber
from consumers.transcribe.passes import Passes
from consumers.transcribe.step import CutWindow, SideBySide, transcribe_windows
from consumers.transcribe.transcriber import Transcriber
from consumers.transcribe.whisper import Whisper, passes
from deploy.benchmark.in_process import owned_windows, read
from deploy.benchmark.speech import recordings
from deploy.table_printer import markdown as table
from schemas.objects import TranscribedWord

Words = list[Sequence[TranscribedWord]]
"""The words of each window."""
Place = tuple[str, int, int]
"""Text, start and end in milliseconds."""
COLUMNS = (
    "windows a pass",
    "passes at once",
    "s a window",
    "times real time",
    "outside the model",
    "ratio to the first",
    "same words",
)


@dataclass(frozen=True)
class Batch:
    """Seconds a window takes when `size` windows share a pass, and `passes` run side by side.

    `outside` is the share of that time in which no call of the model runs: finding speech,
    features, choosing, placing words. On an accelerator it is the processor's share, and the device
    waits. `ratio` compares with the first line, and so does `same`: whether the words are the same.
    """

    size: int
    passes: int
    s_a_window: float
    times_real_time: float
    outside: float
    ratio: float
    same: bool


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
    first: tuple[float, list[list[Place]]] | None = None
    rounds = passes(settings).rounds
    for size, count in product(sizes, counts):
        timed.seconds = 0.0
        ways = Passes(size, count, rounds)
        seconds, words = _timed(SideBySide(transcriber, ways), cut)
        first = first or (seconds, words)
        yield Batch(
            size,
            count,
            s_a_window=round(seconds, 3),
            times_real_time=round(settings.window_ms / 1000 / seconds, 1),
            outside=round(1 - timed.seconds / len(cut) / seconds, 3),
            ratio=round(seconds / first[0], 2),
            same=words == first[1],
        )


def _timed_transcriber(settings: Settings) -> tuple[Transcriber, TimedModel]:
    lexicon = shipped_lexicon()
    manifest = model_manifest.load(settings.models_manifest)
    whisper = Whisper(settings, manifest, lexicon)
    timed = TimedModel(whisper.library.model)
    whisper.library.model = timed
    return compose_transcriber(whisper, lexicon), timed


def _timed(side_by_side: SideBySide, cut: Sequence[CutWindow]) -> tuple[float, list[list[Place]]]:
    """Return the seconds a window took, and the words of each window."""
    at_once = side_by_side.passes.windows
    words: Words = []
    began = time.perf_counter()
    for start in range(0, len(cut), at_once):
        words += side_by_side.words(cut[start : start + at_once])
    seconds = (time.perf_counter() - began) / len(cut)
    return seconds, [list(map(_place, of_window)) for of_window in words]


def _place(word: TranscribedWord) -> Place:
    return word.text, word.start_ms, word.end_ms


def _windows(folder: Path, window_ms: int, wanted: int) -> list[CutWindow]:
    """Return windows that are spread over the recordings; they come again when more are wanted.

    The last window of a recording is shorter than the others, and is left out.
    """
    found: list[CutWindow] = []
    for path in recordings(folder):
        found += list(owned_windows(read(path), window_ms))[:-1]
    spread = found[:: max(1, len(found) // wanted)]
    return list(islice(cycle(spread), wanted))


def markdown(found: Sequence[Batch]) -> list[str]:
    """Return a Markdown table."""
    return table(COLUMNS, (asdict(one).values() for one in found))
