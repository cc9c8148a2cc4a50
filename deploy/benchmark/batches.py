"""`lahstats benchmark batches`: the gain when windows share a pass of the model."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from adapters import model_manifest
from adapters.objects.lexicons import shipped_lexicon
from adapters.settings import Settings
from consumers.transcribe.main import compose_transcriber
from consumers.transcribe.step import CutWindow, transcribe_windows
from consumers.transcribe.transcriber import Transcriber
from consumers.transcribe.whisper import Whisper
from deploy.benchmark.in_process import owned_windows, read
from deploy.benchmark.speech import recordings
from deploy.table_printer import markdown as table
from schemas.objects import TranscribedWord

Words = list[Sequence[TranscribedWord]]
"""The words of each window."""
Place = tuple[str, int, int]
"""Text, start and end in milliseconds."""
COLUMNS = (
    "windows a batch",
    "s a window",
    "times real time",
    "outside the model",
    "ratio to one by one",
    "same words",
)


@dataclass(frozen=True)
class Batch:
    """Seconds a window takes when `size` windows are transcribed at once.

    `outside` is the share of that time in which no call of the model runs: finding speech,
    features, choosing, placing words. On an accelerator it is the processor's share, and the device
    waits. `ratio` compares with the first size, and so does `same`: whether the words are the same.
    """

    size: int
    s_a_window: float
    times_real_time: float
    outside: float
    ratio: float
    same: bool


class TimedModel:
    """The library's model; `seconds` is the time that was spent in its methods."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self.seconds = 0.0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._model, name)
        if not callable(found):
            return found

        def timed(*given: Any, **options: Any) -> Any:
            began = time.perf_counter()
            result = found(*given, **options)
            self.seconds += time.perf_counter() - began
            return result

        return timed


def measure(folder: Path, sizes: Sequence[int], windows: int) -> Iterator[Batch]:
    """Transcribe the same windows of several recordings in batches of each size. Blocking."""
    settings = Settings()
    lexicon = shipped_lexicon()
    manifest = model_manifest.load(settings.models_manifest)
    whisper = Whisper(settings, manifest, lexicon)
    timed = TimedModel(whisper.library.model)
    whisper.library.model = timed
    transcriber = compose_transcriber(whisper, lexicon)
    cut = _windows(folder, settings.window_ms, windows)
    transcribe_windows(transcriber, cut[:1])  # what is loaded late is loaded now
    first: tuple[float, list[list[Place]]] | None = None
    for size in sizes:
        timed.seconds = 0.0
        seconds, words = _timed(transcriber, cut, size)
        first = first or (seconds, words)
        yield Batch(
            size,
            s_a_window=round(seconds, 3),
            times_real_time=round(settings.window_ms / 1000 / seconds, 1),
            outside=round(1 - timed.seconds / len(cut) / seconds, 3),
            ratio=round(seconds / first[0], 2),
            same=words == first[1],
        )


def _timed(
    transcriber: Transcriber, cut: Sequence[CutWindow], size: int
) -> tuple[float, list[list[Place]]]:
    """Return the seconds a window took, and the words of each window."""
    began = time.perf_counter()
    words: Words = []
    for start in range(0, len(cut), size):
        words += transcribe_windows(transcriber, cut[start : start + size])
    seconds = (time.perf_counter() - began) / len(cut)
    return seconds, [list(map(_place, of_window)) for of_window in words]


def _place(word: TranscribedWord) -> Place:
    return word.text, word.start_ms, word.end_ms


def _windows(folder: Path, window_ms: int, wanted: int) -> list[CutWindow]:
    """Return windows that are spread over the recordings.

    The last window of a recording is shorter than the others, and is left out.
    """
    found: list[CutWindow] = []
    for path in recordings(folder):
        found += list(owned_windows(read(path), window_ms))[:-1]
    return found[:: max(1, len(found) // wanted)][:wanted]


def markdown(found: Sequence[Batch]) -> list[str]:
    """Return a Markdown table."""
    return table(COLUMNS, (asdict(one).values() for one in found))
