"""The step of `transcribe`: windows, each cut from one quiet place to the next, become words."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from adapters.objects.store import BlobStore
from adapters.process.clock import Clock
from consumers.audio.decoder import Samples
from consumers.audio.window_audio import WindowAudio
from consumers.runtime.window_step import LEFT_BY_A_STOP, WindowStep
from consumers.transcribe.budget import Budget
from consumers.transcribe.passes import ONE_BY_ONE, Passes, shared
from consumers.transcribe.speech_spans import quiet_bounds
from consumers.transcribe.transcriber import Stretch, Transcriber
from schemas import topics
from schemas.audio import CUT_MARGIN_MS, CUT_REACH_MS, SAMPLES_PER_MS
from schemas.codec import encode
from schemas.object_kinds import TRANSCRIBED_WORDS
from schemas.objects import TranscribedWord, TranscribedWords
from schemas.ranges import Ranges, clip
from schemas.speech_events import WindowReady, WindowTranscribed


@dataclass(frozen=True)
class CutWindow:
    """The audio to transcribe for a window, margins included, and the span that it owns.

    A window owns the words whose midpoint lies in [start_ms, end_ms).
    """

    stretch: Stretch
    start_ms: int
    end_ms: int


def cut_window(
    samples: Samples, from_ms: int, start_ms: int, end_ms: int, is_last: bool
) -> CutWindow:
    """The window [start_ms, end_ms), its borders moved back to quiet places of `samples`.

    `samples` begin at `from_ms`. Two neighbours move the border between them alike, so each word
    belongs to one window.
    """
    start, end = quiet_bounds(samples, from_ms, start_ms, end_ms, is_last)
    first_ms = max(from_ms, start - CUT_MARGIN_MS)
    last_ms = end + CUT_MARGIN_MS
    first = (first_ms - from_ms) * SAMPLES_PER_MS
    last = (last_ms - from_ms) * SAMPLES_PER_MS
    return CutWindow(Stretch(samples[first:last], first_ms), start, end)


def transcribe_windows(
    transcriber: Transcriber, batch: Sequence[CutWindow]
) -> list[tuple[TranscribedWord, ...]]:
    """The words that each window owns, in order of time. Blocking: the model runs here."""
    found = transcriber.transcribe([window.stretch for window in batch])
    return [_owned_words(window, words) for window, words in zip(batch, found, strict=True)]


def _owned_words(
    window: CutWindow, words: Sequence[TranscribedWord]
) -> tuple[TranscribedWord, ...]:
    return tuple(word for word in words if window.start_ms <= _middle(word) < window.end_ms)


def _middle(word: TranscribedWord) -> float:
    return (word.start_ms + word.end_ms) / 2


class SideBySide:
    """Windows become words in several passes of one transcriber, a thread each."""

    def __init__(self, transcriber: Transcriber, passes: Passes) -> None:
        self.passes = passes
        self._transcriber = transcriber
        self._threads = ThreadPoolExecutor(passes.count, thread_name_prefix="pass")

    def words(self, batch: Sequence[CutWindow]) -> list[tuple[TranscribedWord, ...]]:
        """The words that each window owns, in order. Blocking: the model runs here."""
        if len(batch) == 1:
            return self._pass(batch)
        budgets = list(self._threads.map(_budget, batch))
        places_of_passes = list(shared(budgets, self.passes.share(len(batch))))
        groups = [_at(batch, places) for places in places_of_passes]
        words: dict[int, tuple[TranscribedWord, ...]] = {}
        results = self._threads.map(self._pass, groups)
        for places, of_pass in zip(places_of_passes, results, strict=True):
            words.update(zip(places, of_pass, strict=True))
        return [words[place] for place in range(len(batch))]

    def _pass(self, batch: Sequence[CutWindow]) -> list[tuple[TranscribedWord, ...]]:
        return transcribe_windows(self._transcriber, batch)


def _at(batch: Sequence[CutWindow], places: Sequence[int]) -> list[CutWindow]:
    return [batch[place] for place in places]


def _budget(window: CutWindow) -> Budget:
    return window.stretch.budget


class Transcribe(WindowStep[CutWindow]):
    """Stores the words of each window as TranscribedWords."""

    name = "transcribe"
    answers_on = topics.TRANSCRIBED
    result_type = WindowTranscribed
    kind = TRANSCRIBED_WORDS

    def __init__(
        self,
        blobs: BlobStore,
        clock: Clock,
        model: str,
        audio: WindowAudio,
        transcriber: Transcriber,
        passes: Passes = ONE_BY_ONE,
    ) -> None:
        super().__init__(blobs, clock, model)
        self._audio = audio
        self._side_by_side = SideBySide(transcriber, passes)
        self.batch_size = max(passes.windows, LEFT_BY_A_STOP)

    def prepare(self, window: WindowReady) -> tuple[CutWindow, Ranges]:
        """The window between its quiet places, and the missing audio within the window."""
        from_ms = max(window.audio_from_ms, window.start_ms - CUT_REACH_MS)
        samples, missing = self._audio.load(
            window.session_id, window.chunks, from_ms, window.end_ms
        )
        is_last = window.session_end_ms is not None
        cut = cut_window(samples, from_ms, window.start_ms, window.end_ms, is_last)
        return cut, clip(missing, window.start_ms, window.end_ms)

    def work(self, ready: Sequence[CutWindow]) -> list[bytes]:
        """TranscribedWords of each window."""
        of_windows = self._side_by_side.words(ready)
        return [encode(TranscribedWords(words=words)) for words in of_windows]
