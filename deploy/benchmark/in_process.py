"""The product's own stages on one recording, in one process."""

import time
from collections.abc import Callable, Iterator
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
from consumers.voices import loaded_clustering, pyannote_models
from consumers.voices.diarization import Diarizer, Voices, diarize_window
from consumers.voices.pyannote_diarizer import PyannoteDiarizer
from consumers.voices.session_clustering import SessionClustering
from producers.phone.file_chunks import cut
from schemas.audio import CUT_REACH_MS, SAMPLE_RATE, SAMPLES_PER_MS, whole_ms
from schemas.objects import AttributedWord, TranscribedWord, Turns
from streams.attribution.speakers import attribute, ordered
from streams.tally.counter import Counted, Counter

CHUNK_S = 60
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


def loaded_whisper(settings: Settings) -> Whisper:
    """Return the model of words with the settings of the stack. Takes seconds: load once."""
    manifest = model_manifest.load(settings.models_manifest)
    return Whisper(settings, manifest, shipped_lexicon())


def loaded_transcriber(settings: Settings) -> Transcriber:
    """Return the same, as the stage `transcribe` composes it."""
    return compose_transcriber(loaded_whisper(settings), shipped_lexicon())


def loaded_diarizer(
    settings: Settings, shared: pyannote_models.Batches | None = None
) -> PyannoteDiarizer:
    """Return the models of voices with the settings of the stack. Takes seconds: load once.

    `shared`: how much shares a pass; None as the stage `diarize` does it.
    """
    manifest = model_manifest.load(settings.models_manifest)
    return pyannote_models.load(settings, manifest, shared)


def loaded_clusters(settings: Settings) -> SessionClustering:
    """Return the clustering with the settings of the stack."""
    manifest = model_manifest.load(settings.models_manifest)
    return loaded_clustering.load(settings, manifest)


class Stages:
    """Loads the models once. Blocking."""

    def __init__(self, settings: Settings) -> None:
        lexicon = shipped_lexicon()
        self._window_ms = settings.window_ms
        self.whisper = loaded_whisper(settings)
        self._transcriber = compose_transcriber(self.whisper, lexicon)
        self._diarizer = loaded_diarizer(settings)
        self._clustering = loaded_clusters(settings)
        self._counter = Counter(lexicon)
        self._work_clock = work_clock(settings)

    def run(self, recording: Samples, lead_s: float = 0.0, turns: Turns | None = None) -> Outcome:
        """Run the stages on the recording after `lead_s` of silence: windows are cut elsewhere.

        Times count the silence too. `turns`: of the same samples, when they are known. Blocking.
        """
        silence = np.zeros(int(lead_s * SAMPLE_RATE), np.float32)
        samples = np.concatenate([silence, recording])
        work: dict[str, float] = {}
        with noted(work, "transcribe", self._work_clock):
            written = self._words(samples)
        if turns is None:
            turns = self._turns(samples, work)
        in_order = ordered(turns)
        said = tuple(attribute(words, in_order) for words in written)
        return Outcome(
            len(samples) / SAMPLE_RATE,
            turns,
            said,
            counted(self._counter, said),
            work,
        )

    def _turns(self, samples: Samples, work: dict[str, float]) -> Turns:
        with noted(work, "diarize", self._work_clock):
            parts = voices(self._diarizer, samples, self._window_ms)
        with noted(work, "cluster", self._work_clock):
            return speakers(self._clustering, joined(parts, self._clustering.grid))

    def _words(self, samples: Samples) -> list[tuple[TranscribedWord, ...]]:
        return transcribed(self._transcriber, samples, self._window_ms)


def counted(counter: Counter, said: Windows) -> list[Counted]:
    """Return the counts of the windows, each counted beside its neighbours as `tally` does."""
    counts: list[Counted] = []
    last = len(said) - 1
    for number, words in enumerate(said):
        before = said[number - 1] if number > 0 else ()
        after = said[number + 1] if number < last else ()
        counts += counter.count(words, before, after)
    return counts


@dataclass(frozen=True)
class Window:
    """[start_ms, end_ms) of a recording."""

    start_ms: int
    end_ms: int
    is_last: bool


def windows(total_ms: int, window_ms: int) -> list[Window]:
    """Return the windows of a recording, as the sessions fold cuts a session."""
    found: list[Window] = []
    start_ms = 0
    while start_ms + window_ms <= total_ms:
        found.append(Window(start_ms, start_ms + window_ms, is_last=False))
        start_ms += window_ms
    found.append(Window(start_ms, total_ms, is_last=True))
    return found


def owned_windows(samples: Samples, window_ms: int) -> Iterator[CutWindow]:
    """Yield the audio that `transcribe` cuts for each window of `samples`."""
    for window in windows(whole_ms(len(samples)), window_ms):
        from_ms = max(0, window.start_ms - CUT_REACH_MS)
        part = samples[from_ms * SAMPLES_PER_MS : window.end_ms * SAMPLES_PER_MS]
        yield cut_window(part, from_ms, window.start_ms, window.end_ms, window.is_last)


def transcribed(
    transcriber: Transcriber, samples: Samples, window_ms: int
) -> list[tuple[TranscribedWord, ...]]:
    """Return the words that `transcribe` stores of each window. Blocking."""
    found: list[tuple[TranscribedWord, ...]] = []
    for owned in owned_windows(samples, window_ms):
        found += transcribe_windows(transcriber, [owned])
    return found


def voices(diarizer: Diarizer, samples: Samples, window_ms: int) -> list[Voices]:
    """Return the voices that `diarize` stores of each window, stored and read again."""
    total_ms = whole_ms(len(samples))
    lacking = total_ms * SAMPLES_PER_MS - len(samples)
    padded = np.concatenate([samples, np.zeros(lacking, np.float32)])
    found: list[Voices] = []
    for window in windows(total_ms, window_ms):
        part = diarized(diarizer, padded, window)
        if part is not None:
            stored = part.to_bytes()
            found.append(Voices.from_bytes(stored))
    return found


def diarized(diarizer: Diarizer, samples: "np.ndarray[Any, Any]", window: Window) -> Voices | None:
    """The voices of a window of `samples`; None when it owns no chunk.

    `samples` are float32, or int16 of a long session.
    """
    grid = diarizer.grid
    total_ms = len(samples) // SAMPLES_PER_MS
    session_end_ms = total_ms if window.is_last else None
    chunks = grid.owned(window.start_ms, window.end_ms, session_end_ms)
    if not chunks:
        return None
    first_ms = grid.start_ms(chunks)
    last_ms = min(grid.end_ms(chunks), total_ms)
    part = samples[first_ms * SAMPLES_PER_MS : last_ms * SAMPLES_PER_MS].astype(np.float32)
    if samples.dtype != np.float32:
        part /= PCM
    return diarize_window(diarizer, chunks, window.is_last, part)


def read(path: Path) -> Samples:
    """Return a whole file as float32 mono at 16 kHz, cut and decoded as phone and workers do."""
    chunks = [decode(chunk.content) for chunk in cut(path, CHUNK_S)]
    return np.concatenate([chunk.samples() for chunk in chunks])


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
