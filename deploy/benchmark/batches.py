"""`lahstats benchmark batches`: the gain when windows share a pass of the model."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

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
COLUMNS = ("windows a batch", "s a window", "ratio to one by one", "same words")


@dataclass(frozen=True)
class Batch:
    """Seconds a window takes when `size` windows are transcribed at once.

    `ratio` compares with the first size, and so does `same`: whether the words are the same.
    """

    size: int
    s_a_window: float
    ratio: float
    same: bool


def measure(folder: Path, sizes: Sequence[int], windows: int) -> Iterator[Batch]:
    """Transcribe the same windows of several recordings in batches of each size. Blocking."""
    settings = Settings()
    lexicon = shipped_lexicon()
    manifest = model_manifest.load(settings.models_manifest)
    transcriber = compose_transcriber(Whisper(settings, manifest, lexicon), lexicon)
    cut = _windows(folder, settings.window_ms, windows)
    transcribe_windows(transcriber, cut[:1])  # what is loaded late is loaded now
    first: tuple[float, list[list[Place]]] | None = None
    for size in sizes:
        seconds, words = _timed(transcriber, cut, size)
        first = first or (seconds, words)
        ratio = seconds / first[0]
        yield Batch(size, round(seconds, 2), round(ratio, 2), words == first[1])


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
