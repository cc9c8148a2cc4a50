"""`lahstats benchmark batches`: what it gains when windows share a pass of the model, on this machine."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from adapters import model_manifest
from adapters.objects.lexicons import shipped_lexicon
from adapters.settings import Settings
from consumers.transcribe.main import compose_transcriber
from consumers.transcribe.step import CutWindow, transcribe_windows
from consumers.transcribe.whisper import Whisper
from deploy.benchmark.in_process import owned_windows, read
from deploy.benchmark.speech import recordings
from deploy.table_printer import markdown as table


@dataclass(frozen=True)
class Batch:
    """Seconds a window takes when so many are heard at once; `ratio` to one at a time, `same` words."""

    size: int
    s_a_window: float
    ratio: float
    same: bool


def measure(folder: Path, sizes: Sequence[int], windows: int) -> Iterator[Batch]:
    """The same windows, of several recordings, in batches of each size, one after the other."""
    settings, lexicon = Settings(), shipped_lexicon()
    transcriber = compose_transcriber(
        Whisper(settings, model_manifest.load(settings.models_manifest), lexicon), lexicon
    )
    cut, first, alone = _windows(folder, settings.window_ms, windows), 0.0, None
    transcribe_windows(transcriber, cut[:1])  # what is loaded late is loaded now
    for size in sizes:
        began = time.perf_counter()
        heard = [
            words
            for start in range(0, len(cut), size)
            for words in transcribe_windows(transcriber, cut[start : start + size])
        ]
        spent = (time.perf_counter() - began) / len(cut)
        first, alone = first or spent, alone or heard
        said = [
            [[(w.text, w.start_ms, w.end_ms) for w in words] for words in some]
            for some in (heard, alone)
        ]
        yield Batch(size, round(spent, 2), round(spent / first, 2), said[0] == said[1])


def _windows(folder: Path, window_ms: int, wanted: int) -> list[CutWindow]:
    # The last window of a recording is what the others left: it is shorter, and is left out.
    found = [
        owned
        for samples in map(read, recordings(folder))
        for owned in list(owned_windows(samples, window_ms))[:-1]
    ]
    return found[:: max(1, len(found) // wanted)][:wanted]


def markdown(found: Sequence[Batch]) -> list[str]:
    """A table."""
    return table(
        ("windows a batch", "s a window", "ratio to one by one", "same words"),
        (asdict(one).values() for one in found),
    )
