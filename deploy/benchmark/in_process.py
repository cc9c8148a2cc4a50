"""The product's own stages on one recording, in one process."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from adapters import model_manifest
from adapters.audio.decoding import decode
from adapters.media import Pcm
from adapters.objects.lexicons import shipped_lexicon
from adapters.settings import Settings
from consumers.audio.decoder import Samples
from consumers.cluster.identification import joined, speakers
from consumers.transcribe.main import compose_transcriber
from consumers.transcribe.step import CutWindow, cut_window, transcribe_windows
from consumers.transcribe.transcriber import Transcriber
from consumers.transcribe.whisper import Whisper
from consumers.voices import pyannote_models
from consumers.voices.diarization import Diarizer, Voices, diarize_window
from producers.phone.file_chunks import cut
from schemas.audio import CUT_REACH_MS, SAMPLE_RATE, SAMPLES_PER_MS, whole_ms
from schemas.objects import AttributedWord, TranscribedWord, Turns
from streams.attribution.speakers import attribute
from streams.tally.counter import Counted, Counter

PCM_FULL = 32767
"""The 16 bit sample that 1.0 is written as."""
PCM = np.float32(32768)
"""The divisor by which 16 bit samples are read."""


Windows = tuple[tuple[AttributedWord, ...], ...]


@dataclass(frozen=True)
class Outcome:
    """The product's result for a recording.

    `windows` are its words, one window after the other. `work_s` is the processor's seconds by
    stage: a busy machine does not change them. With an accelerator they are those of a clock.
    """

    duration_s: float
    turns: Turns
    windows: Windows
    counted: list[Counted]
    work_s: dict[str, float] = field(default_factory=dict)

    @property
    def words(self) -> tuple[AttributedWord, ...]:
        """All words."""
        return tuple(chain.from_iterable(self.windows))


class Stages:
    """Loads the models once. Blocking."""

    def __init__(self, settings: Settings) -> None:
        manifest = model_manifest.load(settings.models_manifest)
        lexicon = shipped_lexicon()
        self._window_ms = settings.window_ms
        self.whisper = Whisper(settings, manifest, lexicon)
        self._transcriber = compose_transcriber(self.whisper, lexicon)
        self._diarizer = pyannote_models.load(settings, manifest)
        self._counter = Counter(lexicon)
        self._work_clock = work_clock(settings)

    def run(self, recording: Samples, lead_s: float = 0.0) -> Outcome:
        """Run the stages on the recording after `lead_s` of silence: windows are cut elsewhere.

        Times count the silence too. Blocking.
        """
        silence = np.zeros(int(lead_s * SAMPLE_RATE), np.float32)
        samples = np.concatenate([silence, recording])
        work: dict[str, float] = {}
        with noted(work, "transcribe", self._work_clock):
            written = self._words(samples)
        with noted(work, "diarize", self._work_clock):
            parts = voices(self._diarizer, samples, self._window_ms)
        with noted(work, "cluster", self._work_clock):
            turns = self._turns(parts)
        said = tuple(attribute(words, turns) for words in written)
        return Outcome(
            len(samples) / SAMPLE_RATE,
            turns,
            said,
            counted(self._counter, said),
            work,
        )

    def _turns(self, parts: Sequence[Voices]) -> Turns:
        return speakers(self._diarizer, joined(parts, self._diarizer.grid))

    def _words(self, samples: Samples) -> list[tuple[TranscribedWord, ...]]:
        return transcribed(self._transcriber, samples, self._window_ms)


def counted(counter: Counter, said: Windows) -> list[Counted]:
    """Return the counts of the windows, each counted beside its neighbours as `tally` does."""
    befores = ((), *said[:-1])
    afters = (*said[1:], ())
    return list(chain.from_iterable(map(counter.count, said, befores, afters)))


def windows(total_ms: int, window_ms: int) -> list[tuple[int, int, bool]]:
    """Return start, end and whether it is the last one, as the sessions fold cuts a session."""
    last = total_ms // window_ms
    whole = [(n * window_ms, (n + 1) * window_ms, False) for n in range(last)]
    return [*whole, (last * window_ms, total_ms, True)]


def owned_windows(samples: Samples, window_ms: int) -> Iterator[CutWindow]:
    """Yield the audio that `transcribe` cuts for each window of `samples`."""
    for start, end, is_last in windows(whole_ms(len(samples)), window_ms):
        first = max(0, start - CUT_REACH_MS)
        yield cut_window(
            samples[first * SAMPLES_PER_MS : end * SAMPLES_PER_MS], first, start, end, is_last
        )


def transcribed(
    transcriber: Transcriber, samples: Samples, window_ms: int
) -> list[tuple[TranscribedWord, ...]]:
    """Return the words that `transcribe` stores of each window. Blocking."""
    return [
        transcribe_windows(transcriber, [owned])[0] for owned in owned_windows(samples, window_ms)
    ]


def voices(diarizer: Diarizer, samples: Samples, window_ms: int) -> list[Voices]:
    """Return the voices that `diarize` stores of each window, stored and read again."""
    padded = np.concatenate(
        [samples, np.zeros(whole_ms(len(samples)) * SAMPLES_PER_MS - len(samples), np.float32)]
    )
    parts = [
        diarized(diarizer, padded, *window) for window in windows(whole_ms(len(samples)), window_ms)
    ]
    return [Voices.from_bytes(part.to_bytes()) for part in parts if part is not None]


def diarized(
    diarizer: Diarizer, samples: "np.ndarray[Any, Any]", start: int, end: int, is_last: bool
) -> Voices | None:
    """The voices of the window [start, end) of `samples`; None when it owns no chunk.

    `samples` are float32, or int16 of a long session.
    """
    grid = diarizer.grid
    total = len(samples) // SAMPLES_PER_MS
    chunks = grid.owned(start, end, total if is_last else None)
    if not chunks:
        return None
    first = grid.start_ms(chunks)
    last = min(grid.end_ms(chunks), total)
    part = samples[first * SAMPLES_PER_MS : last * SAMPLES_PER_MS].astype(np.float32)
    scaled = part if samples.dtype == np.float32 else part / PCM
    return diarize_window(diarizer, chunks, is_last, scaled)


def read(path: Path) -> Samples:
    """Return a whole file as float32 mono at 16 kHz, cut and decoded as phone and workers do."""
    return np.concatenate([decode(chunk.content).samples() for chunk in cut(path, 60)])


def pcm(path: Path) -> Pcm:
    """Return a whole file as 16 bit samples."""
    return (read(path) * PCM_FULL).astype(np.int16)


def work_clock(settings: Settings) -> Callable[[], float]:
    """Return the clock of work, in seconds: the processor's own, as a model has one thread.

    An accelerator's work is no processor's: there it is a wall clock.
    """
    return time.perf_counter if pyannote_models.on_gpu(settings) else time.process_time


@contextmanager
def noted(work: dict[str, float], stage: str, clock: Callable[[], float]) -> Iterator[None]:
    """Note the seconds of the block as those of `stage`."""
    began = clock()
    yield
    work[stage] = clock() - began
