"""`lahstats benchmark long`: cost and DER of clustering for sessions of hours."""

import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
from pyannote.core import Annotation, Segment

from adapters.media import Pcm
from adapters.settings import Settings
from consumers.cluster.identification import joined, speakers
from consumers.voices.agglomerative import MOST_EXACT, clear
from consumers.voices.diarization import Diarizer, Voices
from consumers.voices.grid import grid_of
from consumers.voices.loaded_clustering import of_shipped_weights
from deploy.benchmark.dialogues import joined as joined_audio
from deploy.benchmark.dialogues import over_and_over
from deploy.benchmark.in_process import diarized, loaded_diarizer, windows
from deploy.benchmark.scoring import reference
from deploy.benchmark.turn_errors import SpokenTurn, error_rate, spoken_turns
from deploy.table_printer import markdown as table
from schemas.audio import SAMPLE_RATE, SAMPLES_PER_MS

SPAWN = multiprocessing.get_context("spawn")
EXACT = 10**9
"""Embeddings that are never reached: one level, however long it takes."""


@dataclass(frozen=True)
class Long:
    """One clustering of a session of `minutes`.

    `levels` is 1 when it was exact. `peak_mb` is of its process. `der` is in %.
    """

    minutes: float
    levels: int
    embeddings: int
    seconds: float
    peak_mb: float
    speakers: int
    der: float


def measure(folder: Path, minutes: Sequence[float], exact_up_to: float) -> Iterator[Long]:
    """Yield a clustering of each length as the product does it, and an exact one beside it.

    The voices of the longest session are measured once, by all cores. Lengths over
    `exact_up_to` minutes are not clustered exactly: that is quadratic.
    """
    with tempfile.TemporaryDirectory(prefix="lahstats-long-") as place:
        store = Path(place)
        truth = _dialogue(folder, max(minutes) * 60, store / "pcm.npy")
        _listen(store)
        for length in sorted(minutes):
            as_product = _apart(store, length, MOST_EXACT, truth)
            yield as_product
            if as_product.levels > 1 and length <= exact_up_to:
                yield _apart(store, length, EXACT, truth)


def _dialogue(folder: Path, length_s: float, path: Path) -> Annotation:
    """Write the recordings of `folder`, over and over, as int16 to `path`; return the true turns.

    The same voice has one name in all recordings.
    """
    truth = Annotation()

    def parts() -> Iterator[Pcm]:
        at_s = 0.0
        for source, samples in over_and_over(folder):
            for segment, track, voice in reference(source).itertracks(yield_label=True):
                truth[Segment(segment.start + at_s, segment.end + at_s), f"{at_s}{track}"] = voice
            yield samples
            at_s += len(samples) / SAMPLE_RATE

    np.save(path, joined_audio(parts(), length_s))
    return truth


def _listen(store: Path) -> None:
    """Diarize each window of the stored audio, in as many processes as there are cores."""
    samples = np.load(store / "pcm.npy", mmap_mode="r")
    number = len(windows(len(samples) // SAMPLES_PER_MS, Settings().window_ms))
    with ProcessPoolExecutor(os.cpu_count(), mp_context=SPAWN) as pool:
        parts = pool.map(partial(_one_part, store), range(number), chunksize=15)
        list(parts)  # raises what a process raised


_loaded: list[Diarizer] = []


def _one_part(store: Path, number: int) -> None:
    settings = Settings()
    if not _loaded:
        _loaded.append(loaded_diarizer(settings))
    samples = np.load(store / "pcm.npy", mmap_mode="r")
    window = windows(len(samples) // SAMPLES_PER_MS, settings.window_ms)[number]
    found = diarized(_loaded[0], samples, window)
    if found is not None:
        (store / f"{number:06d}.npz").write_bytes(found.to_bytes())


def _apart(store: Path, minutes: float, most: int, truth: Annotation) -> Long:
    # A process of its own: the peak of its memory is that of this clustering.
    with ProcessPoolExecutor(1, mp_context=SPAWN) as pool:
        found = pool.submit(_clustered, store, minutes, most).result()
    length_s = minutes * 60
    true_turns = truth.crop(Segment(0, length_s))
    der = error_rate(true_turns, found.turns, length_s)
    return Long(
        minutes,
        1 if found.embeddings <= most else 2,
        found.embeddings,
        round(found.seconds, 1),
        round(found.peak_mb),
        len({speaker for speaker, _, _ in found.turns}),
        round(100 * der, 2),
    )


@dataclass(frozen=True)
class _Clustered:
    """One clustering: how many embeddings it had, and what it took and gave."""

    embeddings: int
    seconds: float
    peak_mb: float
    turns: list[SpokenTurn]


def _clustered(store: Path, minutes: float, most: int) -> _Clustered:
    settings = Settings()
    clustering = of_shipped_weights(grid_of(settings.diarization_step_s), most)
    windows_of_it = int(minutes * 60_000 // settings.window_ms)
    files = sorted(store.glob("*.npz"))[:windows_of_it]
    parts = [Voices.from_bytes(file.read_bytes()) for file in files]
    session = joined(parts, clustering.grid)
    began = time.perf_counter()
    found = speakers(clustering, session)
    seconds = time.perf_counter() - began
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    embeddings = int(clear(session.segmentations, session.embeddings).sum())
    return _Clustered(embeddings, seconds, peak_mb, spoken_turns(found.turns))


def markdown(found: Sequence[Long]) -> list[str]:
    """A table."""
    return table(
        ("minutes", "levels", "embeddings", "s", "peak MB", "speakers", "DER %"),
        (asdict(one).values() for one in found),
    )
