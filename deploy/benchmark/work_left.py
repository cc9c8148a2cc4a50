"""The work that is left when a session stops, measured beside `lahstats benchmark latency`.

The audio that is left is that of the windows that only the last chunk completed: nobody could have
begun it earlier. A product that falls behind does not get more of it.
"""

import multiprocessing
import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple, Self

from adapters.settings import Settings
from consumers.audio.decoder import Samples
from consumers.transcribe.transcriber import Transcriber
from consumers.voices.pyannote_diarizer import PyannoteDiarizer
from deploy.benchmark.in_process import (
    loaded_diarizer,
    loaded_transcriber,
    read,
    transcribed,
    voices,
)
from schemas.audio import SAMPLE_RATE


def left_from_s(length_s: float, chunk_s: float, window_s: float) -> float:
    """Return where the audio begins that is left when the last chunk arrives, seconds. Pure."""
    whole_chunks = int(length_s // chunk_s)
    last_chunk_s = chunk_s * whole_chunks
    if last_chunk_s == length_s:
        last_chunk_s -= chunk_s
    return window_s * (last_chunk_s // window_s)


@dataclass(frozen=True)
class Work:
    """The price of some audio. `seconds`: of all cores together, when they share it evenly.

    `core_share`: CPU seconds for each second that it took. It is 1 on a quiet machine. Where it is
    less, other programs had the rest, and a ratio to `seconds` says less.
    """

    seconds: float
    core_share: float


class WorkLeft:
    """A process with the models of each stage. Loads them once: use it for all sessions of a run.

    A context manager: the processes end with it.
    """

    def __init__(self, settings: Settings) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._window_ms = settings.window_ms
        self._pools = [ProcessPoolExecutor(1, mp_context=spawn) for _ in _STAGES]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pool in self._pools:
            pool.shutdown()

    def measure(self, audio: Path, from_s: float) -> Work:
        """Return the work of the audio from `from_s` to its end. Blocking.

        It is transcribed and diarized as a recording of its own, by the product's stages without
        Kafka and the object store. Both stages work at the same time, as after a stop: cores that
        share memory, and a machine with other programs, are slower for the product as well.
        """
        jobs = [
            pool.submit(_spent, stage, audio, from_s, self._window_ms)
            for pool, stage in zip(self._pools, _STAGES, strict=True)
        ]
        spent = [job.result() for job in jobs]
        elapsed_s = sum(one.elapsed_s for one in spent)
        cpu_s = sum(one.cpu_s for one in spent)
        return Work(elapsed_s / len(os.sched_getaffinity(0)), cpu_s / elapsed_s)


class _Spent(NamedTuple):
    elapsed_s: float
    cpu_s: float


def _spent(stage: str, audio: Path, from_s: float, window_ms: int) -> _Spent:
    """Return the seconds that the stage took for the audio from `from_s` on."""
    samples = read(audio)[int(from_s * SAMPLE_RATE) :]
    work = _STAGES[stage]
    work(samples[: SAMPLE_RATE * _WARM_UP_S], window_ms)
    began = time.perf_counter()
    cpu_began = time.process_time()
    work(samples, window_ms)
    return _Spent(time.perf_counter() - began, time.process_time() - cpu_began)


_WARM_UP_S = 10
"""Audio that is worked on first: what is loaded late is loaded then."""


def _transcribe(samples: Samples, window_ms: int) -> None:
    transcribed(_transcriber(), samples, window_ms)


def _diarize(samples: Samples, window_ms: int) -> None:
    voices(_diarizer(), samples, window_ms)


_STAGES: dict[str, Callable[[Samples, int], None]] = {
    "transcribe": _transcribe,
    "diarize": _diarize,
}


@cache
def _transcriber() -> Transcriber:
    return loaded_transcriber(Settings())


@cache
def _diarizer() -> PyannoteDiarizer:
    return loaded_diarizer(Settings())
