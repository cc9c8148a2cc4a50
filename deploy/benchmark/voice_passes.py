"""`lahstats benchmark voices`: the gain when pieces share a pass, and windows are side by side."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from adapters.settings import Settings
from consumers.audio.decoder import Samples
from consumers.voices import pyannote_models
from consumers.voices.diarization import Voices
from consumers.voices.embeddings import Array
from consumers.voices.pyannote_diarizer import PyannoteDiarizer
from deploy.benchmark import shared_passes
from deploy.benchmark.in_process import Window, diarized, loaded_diarizer, read, windows
from deploy.benchmark.shared_passes import Compared, Run, as_many, compared
from deploy.benchmark.speech import recordings
from schemas.audio import whole_ms

ALIKE = 1e-4
"""Of embeddings, whose numbers are some units large: float32 is added up in another order."""
COLUMNS = {
    "pieces": "pieces a pass",
    "passes": "windows at once",
    "s_a_window": "s a window",
    "times_real_time": "times real time",
    "cpu_s": "processor, s a window",
    "ratio": "ratio to the first",
    "same": "same voices",
}


@dataclass(frozen=True)
class Part:
    """A window of the recording that `samples` are."""

    samples: Samples
    window: Window


@dataclass(frozen=True)
class VoicesRun(Run[Voices]):
    """A run, with the seconds of the processor that a window took, of all threads."""

    cpu_s: float


@dataclass(frozen=True, kw_only=True)
class Measured(Compared):
    """The cost of a window when `pieces` share a pass, and `passes` windows are at work.

    `cpu_s` is the processor's part, of all threads. Results are the same when activity and pieces
    are, to the last bit, and embeddings are within ALIKE.
    """

    pieces: int
    passes: int
    cpu_s: float


def measure(
    folder: Path, pieces: Sequence[int], passes: Sequence[int], wanted: int
) -> Iterator[Measured]:
    """Diarize the same windows in every combination, one after the other. Blocking."""
    settings = Settings()
    usual = pyannote_models.batches(settings)
    cut = as_many(_windows(folder, settings.window_ms), wanted)
    first: VoicesRun | None = None
    for most in pieces:
        diarizer = loaded_diarizer(settings, usual._replace(pieces=most))
        _voices(diarizer, cut[0])  # what is loaded late is loaded now
        for count in passes:
            run = _run(diarizer, cut, count)
            first = first or run
            yield Measured(
                pieces=most,
                passes=count,
                cpu_s=round(run.cpu_s, 3),
                **asdict(compared(run, first, settings.window_ms, is_alike)),
            )


def _run(diarizer: PyannoteDiarizer, cut: Sequence[Part], count: int) -> VoicesRun:
    """Diarize all windows, `count` of them side by side."""

    def voices(part: Part) -> Voices:
        return _voices(diarizer, part)

    with ThreadPoolExecutor(count) as threads:
        began = time.perf_counter()
        cpu_began = time.process_time()
        found = list(threads.map(voices, cut))
        seconds = time.perf_counter() - began
        cpu_s = time.process_time() - cpu_began
    return VoicesRun(seconds / len(cut), found, cpu_s / len(cut))


def _voices(diarizer: PyannoteDiarizer, part: Part) -> Voices:
    return diarized(diarizer, part.samples, part.window) or Voices.silence()


def is_alike(one: Voices, other: Voices) -> bool:
    """Whether activity and pieces are the same, and voices but for rounding. Pure."""
    return (
        np.array_equal(one.segmentations, other.segmentations)
        and np.array_equal(one.utterances.spans, other.utterances.spans)
        and _is_near(one.embeddings, other.embeddings)
        and _is_near(one.utterances.embeddings, other.utterances.embeddings)
    )


def _is_near(one: Array, other: Array) -> bool:
    return np.allclose(one, other, rtol=0, atol=ALIKE, equal_nan=True)


def _windows(folder: Path, window_ms: int) -> Iterator[Part]:
    """Yield the whole windows of the recordings; the last one of each is shorter."""
    for path in recordings(folder):
        samples = read(path)
        for window in windows(whole_ms(len(samples)), window_ms):
            if not window.is_last:
                yield Part(samples, window)


def markdown(found: Sequence[Measured]) -> list[str]:
    """Return a Markdown table."""
    return shared_passes.markdown(COLUMNS, found)
