"""Windows that wait for one worker of `transcribe` or `diarize` share its cores."""

import threading
from collections.abc import Sequence

import msgspec
import numpy as np
import pytest

from adapters.process.clock import unix_ms
from adapters.process.priority import steps_down
from consumers.audio.decoder import Samples
from consumers.audio.window_audio import WindowAudio
from consumers.diarize.step import ChunkAudio, Diarize
from consumers.runtime.window_step import LEFT_BY_A_STOP
from consumers.transcribe.budget import Budget
from consumers.transcribe.passes import ONE_BY_ONE, Passes, shared
from consumers.transcribe.step import CutWindow, Transcribe
from consumers.transcribe.transcriber import Stretch, Transcriber
from consumers.voices.diarization import Voices
from consumers.voices.embeddings import Array
from schemas.audio import SAMPLE_RATE
from schemas.objects import TranscribedWord, TranscribedWords
from tests.fakes import OneVoice, Silence
from tests.memory_blob_store import MemoryBlobStore

PATIENCE_S = 60.0
"""A pass that waits for another one so long waits for ever."""


def silent(offset_ms: int) -> CutWindow:
    return CutWindow(Stretch(np.zeros(16_000, np.float32), offset_ms), offset_ms, offset_ms + 1000)


class Meeting(Transcriber):
    """A transcriber whose passes end when so many of them are at work."""

    def __init__(self, passes: int) -> None:
        self.sizes: list[int] = []
        self._all_here = threading.Barrier(passes, timeout=PATIENCE_S)

    def transcribe(self, batch: Sequence[Stretch]) -> list[list[TranscribedWord]]:
        self.sizes.append(len(batch))
        self._all_here.wait()
        return [[_word(stretch.offset_ms)] for stretch in batch]


def _word(start_ms: int) -> TranscribedWord:
    return TranscribedWord(text="lah", start_ms=start_ms, end_ms=start_ms + 200, probability=1.0)


def step(transcriber: Transcriber, passes: Passes) -> Transcribe:
    blobs = MemoryBlobStore()
    return Transcribe(blobs, unix_ms, "m", WindowAudio(blobs, Silence()), transcriber, passes)


@pytest.mark.parametrize(("size", "count"), [(1, 2), (2, 2), (1, 4)])
def test_a_pass_for_each_core_and_the_words_in_order(size: int, count: int) -> None:
    transcriber = Meeting(count)
    transcribe = step(transcriber, Passes(size, count))
    windows = [silent(1000 * number) for number in range(size * count)]
    found = [msgspec.json.decode(body, type=TranscribedWords) for body in transcribe.work(windows)]
    assert transcriber.sizes == [size] * count
    assert [one.words[0].start_ms for one in found] == [window.start_ms for window in windows]


@pytest.mark.parametrize(
    ("passes", "taken"), [(ONE_BY_ONE, LEFT_BY_A_STOP), (Passes(1, 4), 4), (Passes(2, 4), 8)]
)
def test_no_window_that_a_stop_leaves_waits_for_the_others(passes: Passes, taken: int) -> None:
    assert step(Meeting(1), passes).batch_size == taken


def test_one_by_one_a_pass_has_one_window() -> None:
    transcriber = Meeting(1)
    step(transcriber, ONE_BY_ONE).work([silent(1000 * number) for number in range(3)])
    assert transcriber.sizes == [1, 1, 1]


@pytest.mark.parametrize(
    ("waiting", "sizes"), [(2, [1, 1]), (8, [2, 2, 2, 2]), (9, [3, 3, 3]), (31, [8, 8, 8, 7])]
)
def test_few_windows_are_spread_over_the_passes(waiting: int, sizes: list[int]) -> None:
    transcriber = Meeting(len(sizes))
    step(transcriber, Passes(8, 4)).work([silent(1000 * number) for number in range(waiting)])
    assert sorted(transcriber.sizes) == sorted(sizes)


def test_windows_of_one_budget_share_a_pass_and_the_dearest_go_first() -> None:
    short = Budget(mel_frames=1000, tokens=60)
    long = Budget(mel_frames=3000, tokens=260)
    budgets = [short, long, short, long, long]
    assert list(shared(budgets, 2)) == [[1, 3], [4], [0, 2]]
    assert list(shared(budgets, 1)) == [[1], [3], [4], [0], [2]]
    assert list(shared([], 1)) == []


class MeetingDiarizer(OneVoice):
    """A diarizer whose windows are segmented when so many of them are at work."""

    def __init__(self, windows: int) -> None:
        self._all_here = threading.Barrier(windows, timeout=PATIENCE_S)
        self.behind: set[int] = set()

    def segment(self, samples: Samples) -> Array:
        self._all_here.wait()
        self.behind.add(steps_down())
        return super().segment(samples)


def test_windows_are_diarized_side_by_side_and_come_in_order() -> None:
    blobs = MemoryBlobStore()
    audio = WindowAudio(blobs, Silence())
    diarizer = MeetingDiarizer(2)
    diarize = Diarize(blobs, unix_ms, "m", audio, diarizer, passes=2)
    assert diarize.batch_size == LEFT_BY_A_STOP
    windows = [
        ChunkAudio(np.zeros(seconds * SAMPLE_RATE, np.float32), range(chunks), is_last=False)
        for seconds, chunks in ((10, 1), (14, 3))
    ]
    found = [Voices.from_bytes(body) for body in diarize.work(windows)]
    assert [len(voices.segmentations) for voices in found] == [1, 3]
    assert min(diarizer.behind) > steps_down()
