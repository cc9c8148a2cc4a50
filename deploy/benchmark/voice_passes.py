"""`lahstats benchmark voices`: the gain when pieces share a pass, and windows are side by side."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from adapters import model_manifest
from adapters.settings import Settings
from consumers.audio.decoder import Samples
from consumers.voices import pyannote_models
from consumers.voices.diarization import Voices
from consumers.voices.pyannote_diarizer import PyannoteDiarizer
from deploy.benchmark.in_process import diarized, read, windows
from deploy.benchmark.speech import recordings
from deploy.table_printer import markdown as table
from schemas.audio import whole_ms

ALIKE = 1e-4
"""Of embeddings, whose numbers are some units large: float32 is added up in another order."""
COLUMNS = (
    "pieces a pass",
    "windows at once",
    "s a window",
    "times real time",
    "processor, s a window",
    "ratio to the first",
    "same voices",
)


class Window(NamedTuple):
    """[start_ms, end_ms) of a recording."""

    samples: Samples
    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class Measured:
    """Seconds that a window takes when `pieces` share a pass, and `passes` windows are at work.

    `cpu_s` is the processor's part, of all threads. `ratio` and `same` compare with the first line:
    the same activity and pieces to the last bit, and embeddings within ALIKE.
    """

    pieces: int
    passes: int
    s_a_window: float
    times_real_time: float
    cpu_s: float
    ratio: float
    same: bool


def measure(
    folder: Path, pieces: Sequence[int], passes: Sequence[int], wanted: int
) -> Iterator[Measured]:
    """Diarize the same windows in every combination, one after the other. Blocking."""
    settings = Settings()
    manifest = model_manifest.load(settings.models_manifest)
    usual = pyannote_models.batches(settings)
    cut = list(islice(cycle(_windows(folder, settings.window_ms)), wanted))
    first: tuple[float, list[Voices]] | None = None
    for most in pieces:
        diarizer = pyannote_models.load(settings, manifest, usual._replace(pieces=most))
        _voices(diarizer, cut[0])  # what is loaded late is loaded now
        for count in passes:
            seconds, cpu_s, voices = _timed(diarizer, cut, count)
            first = first or (seconds, voices)
            yield Measured(
                most,
                count,
                s_a_window=round(seconds, 3),
                times_real_time=round(settings.window_ms / 1000 / seconds, 1),
                cpu_s=round(cpu_s, 3),
                ratio=round(seconds / first[0], 2),
                same=all(map(is_alike, first[1], voices)),
            )


def _timed(
    diarizer: PyannoteDiarizer, cut: Sequence[Window], count: int
) -> tuple[float, float, list[Voices]]:
    """Return seconds and processor seconds that a window took, and the voices of each window."""
    with ThreadPoolExecutor(count) as threads:
        began, cpu_began = time.perf_counter(), time.process_time()
        found = list(threads.map(lambda window: _voices(diarizer, window), cut))
        seconds, cpu_s = time.perf_counter() - began, time.process_time() - cpu_began
    return seconds / len(cut), cpu_s / len(cut), found


def _voices(diarizer: PyannoteDiarizer, window: Window) -> Voices:
    return diarized(diarizer, *window, is_last=False) or Voices.silence()


def is_alike(one: Voices, other: Voices) -> bool:
    """Whether activity and pieces are the same, and voices but for rounding. Pure."""
    exact = (
        (one.segmentations, other.segmentations),
        (one.utterances.spans, other.utterances.spans),
    )
    rounded = (
        (one.embeddings, other.embeddings),
        (one.utterances.embeddings, other.utterances.embeddings),
    )
    return all(np.array_equal(*pair) for pair in exact) and all(
        np.allclose(*pair, rtol=0, atol=ALIKE, equal_nan=True) for pair in rounded
    )


def _windows(folder: Path, window_ms: int) -> Iterator[Window]:
    """Yield the whole windows of the recordings; the last one of each is shorter."""
    for path in recordings(folder):
        samples = read(path)
        for start_ms, end_ms, is_last in windows(whole_ms(len(samples)), window_ms):
            if not is_last:
                yield Window(samples, start_ms, end_ms)


def markdown(found: Sequence[Measured]) -> list[str]:
    """Return a Markdown table."""
    return table(COLUMNS, (asdict(one).values() for one in found))
