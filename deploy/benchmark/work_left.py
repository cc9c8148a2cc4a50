"""The work that is left when a session stops, measured beside `lahstats benchmark latency`.

The audio that is left is that of the windows that only the last chunk completed: nobody could have
begun it earlier. A product that falls behind does not get more of it.
"""

import multiprocessing
import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

from adapters import model_manifest
from adapters.objects.lexicons import shipped_lexicon
from adapters.settings import Settings
from consumers.audio.decoder import Samples
from consumers.transcribe.main import compose_transcriber
from consumers.transcribe.step import transcribe_windows
from consumers.transcribe.transcriber import Transcriber
from consumers.transcribe.whisper import Whisper
from consumers.voices import pyannote_models
from consumers.voices.pyannote_diarizer import PyannoteDiarizer
from deploy.benchmark.in_process import owned_windows, read, voices
from schemas.audio import SAMPLE_RATE


def left_from_s(length_s: float, chunk_s: float, window_s: float) -> float:
    """Return where the audio begins that is left when the last chunk arrives, seconds. Pure."""
    whole_chunks = int(length_s // chunk_s)
    last_chunk_s = chunk_s * whole_chunks
    if last_chunk_s == length_s:
        last_chunk_s -= chunk_s
    return window_s * (last_chunk_s // window_s)


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

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for pool in self._pools:
            pool.shutdown()

    def measure(self, audio: Path, from_s: float) -> float:
        """Return the seconds that the cores need for the audio from `from_s` to its end. Blocking.

        CPU seconds of transcribing it and of diarizing it as a recording of its own, by the
        product's stages without Kafka and the object store, over the number of cores. Both stages
        work at the same time, as after a stop: cores that share memory are slower then.
        """
        jobs = [
            pool.submit(_cpu_s, stage, audio, from_s, self._window_ms)
            for pool, stage in zip(self._pools, _STAGES, strict=True)
        ]
        return sum(job.result() for job in jobs) / len(os.sched_getaffinity(0))


def _cpu_s(stage: str, audio: Path, from_s: float, window_ms: int) -> float:
    """Return CPU seconds of the stage for the audio from `from_s` on."""
    samples = read(audio)[int(from_s * SAMPLE_RATE) :]
    work = _STAGES[stage]
    work(samples[: SAMPLE_RATE * _WARM_UP_S], window_ms)
    began = time.process_time()
    work(samples, window_ms)
    return time.process_time() - began


_WARM_UP_S = 10
"""Audio that is worked on first: what is loaded late is loaded then."""


def _transcribe(samples: Samples, window_ms: int) -> None:
    for window in owned_windows(samples, window_ms):
        transcribe_windows(_transcriber(), [window])


def _diarize(samples: Samples, window_ms: int) -> None:
    voices(_diarizer(), samples, window_ms)


_STAGES: dict[str, Callable[[Samples, int], None]] = {
    "transcribe": _transcribe,
    "diarize": _diarize,
}


@cache
def _transcriber() -> Transcriber:
    settings = Settings()
    lexicon = shipped_lexicon()
    manifest = model_manifest.load(settings.models_manifest)
    return compose_transcriber(Whisper(settings, manifest, lexicon), lexicon)


@cache
def _diarizer() -> PyannoteDiarizer:
    settings = Settings()
    return pyannote_models.load(settings, model_manifest.load(settings.models_manifest))
