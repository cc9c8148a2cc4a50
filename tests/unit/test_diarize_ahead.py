"""`diarize` works on what is there of the next window, and never again on what it knows."""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace

import numpy as np
import pytest

from consumers.audio.decoder import Samples
from consumers.audio.window_audio import WindowAudio
from consumers.diarize.ahead import Ahead
from consumers.diarize.chunk_audio import ChunkAudio, behind_window
from consumers.diarize.step import Diarize, OwnAudio
from consumers.voices.diarization import diarize_window
from consumers.voices.embeddings import Array
from consumers.voices.remembered import RememberingDiarizer
from schemas.audio import SAMPLE_RATE, SAMPLES_PER_MS
from schemas.ids import SessionId
from schemas.object_kinds import CHUNK
from schemas.speech_events import ChunkRef, WindowReady
from tests.fakes import OneClusterEach, Silence
from tests.memory_blob_store import MemoryBlobStore

GRID = OneClusterEach.grid
CHUNK_SAMPLES = GRID.chunk_ms * SAMPLES_PER_MS
STEP_SAMPLES = GRID.step_ms * SAMPLES_PER_MS
LONG_S = 3600.0


class Loudness(OneClusterEach):
    """A diarizer whose numbers are those of the audio. It notes what its models were given."""

    def __init__(self) -> None:
        self.segmented_s: list[float] = []
        self.pieces: list[int] = []

    def segment(self, samples: Samples) -> Array:
        self.segmented_s.append(len(samples) / SAMPLE_RATE)
        return np.stack([np.full((50, 2), one.sum()) for one in _padded(samples)])

    def embed(self, samples: Samples, activity: Array) -> Array:
        chunks = _padded(samples)
        assert len(chunks) == len(activity)
        return np.stack([np.full((2, 2), one[0]) for one in chunks])

    def embed_pieces(self, pieces: Sequence[Samples]) -> Array:
        self.pieces.append(len(pieces))
        return np.stack([np.full(2, piece[0]) for piece in pieces])


def _padded(samples: Samples) -> list[Samples]:
    count = GRID.count(len(samples) // SAMPLES_PER_MS)
    padded = np.concatenate([samples, np.zeros(CHUNK_SAMPLES, np.float32)])
    return [padded[n * STEP_SAMPLES :][:CHUNK_SAMPLES] for n in range(count)]


@pytest.fixture
def audio() -> Samples:
    """A minute in which no second is like another."""
    return np.random.default_rng(7).normal(0, 0.01, 60 * SAMPLE_RATE).astype(np.float32)


def part(audio: Samples, from_s: int, to_s: int) -> Samples:
    return audio[from_s * SAMPLE_RATE : to_s * SAMPLE_RATE]


@pytest.mark.parametrize(
    ("before", "now", "again_s"),
    [
        ((0, 10), (0, 20), [18]),
        ((12, 30), (12, 40), [18]),
        ((12, 30), (12, 30), []),
        ((12, 30), (12, 31), [9]),
        ((0, 10), (2, 12), [10]),
        ((0, 10), (0, 7), [7]),
    ],
)
def test_chunks_that_are_known_are_not_worked_on_again(
    audio: Samples, before: tuple[int, int], now: tuple[int, int], again_s: list[float]
) -> None:
    models = Loudness()
    remembering = RememberingDiarizer(models)
    for diarizer, span in ((remembering.ahead(), before), (remembering, now)):
        samples = part(audio, *span)
        models.segmented_s.clear()
        activity = diarizer.segment(samples)
        assert np.array_equal(activity, Loudness().segment(samples))
        assert np.array_equal(
            diarizer.embed(samples, activity), Loudness().embed(samples, activity)
        )
    assert models.segmented_s == again_s


def test_pieces_that_are_known_are_not_embedded_again(audio: Samples) -> None:
    models = Loudness()
    diarizer = RememberingDiarizer(models)
    pieces = [part(audio, second, second + 1) for second in range(4)]
    ahead = diarizer.ahead()
    ahead.embed_pieces([pieces[2], pieces[0]])
    assert np.array_equal(ahead.embed_pieces(pieces), Loudness().embed_pieces(pieces))
    assert np.array_equal(diarizer.embed_pieces(pieces), Loudness().embed_pieces(pieces))
    assert models.pieces == [2, 2]


def test_another_talk_with_the_same_audio_costs_the_same(audio: Samples) -> None:
    """A benchmark that plays one recording again and again had its voices for nothing."""
    models = Loudness()
    diarizer = RememberingDiarizer(models)
    samples = part(audio, 0, 20)
    diarizer.ahead().segment(samples)
    for _ in range(3):
        diarizer.segment(samples)
        diarizer.embed_pieces([samples])
    assert models.segmented_s == [20, 20, 20]
    assert models.pieces == [1, 1, 1]


def test_half_of_the_next_window_is_done_before_it_comes(audio: Samples) -> None:
    models = Loudness()
    diarizer = RememberingDiarizer(models)
    ahead = Ahead(diarizer, rest_s=0)
    ahead.begin([ChunkAudio(part(audio, 12, 30), GRID.owned(20_000, 30_000, None), False)]).result()
    models.segmented_s.clear()
    window = GRID.owned(20_000, 40_000, None)
    found = diarize_window(diarizer, window, False, part(audio, 12, 40))
    alone = diarize_window(Loudness(), window, False, part(audio, 12, 40))
    assert found.to_bytes() == alone.to_bytes()
    assert models.segmented_s == [18]


def test_nothing_is_begun_while_there_are_windows(audio: Samples) -> None:
    models = Loudness()
    ahead = Ahead(RememberingDiarizer(models), rest_s=LONG_S)
    done = ahead.begin([ChunkAudio(part(audio, 12, 30), range(6, 11), False)])
    ahead.stop()
    done.result()
    assert not models.segmented_s


class Noted(Ahead):
    """Notes what it is told, and does nothing."""

    def __init__(self) -> None:
        super().__init__(RememberingDiarizer(Loudness()), LONG_S)
        self.calls: list[list[ChunkAudio]] = []

    def begin(self, parts: Sequence[ChunkAudio]) -> Future[None]:
        self.calls.append(list(parts))
        return Future()

    def stop(self) -> None:
        self.calls.append([])


def ready(chunks: Sequence[tuple[int, int]], session_end_ms: int | None = None) -> WindowReady:
    """The window of [20, 40) s; `chunks` are first and last second of its uploads."""
    return WindowReady(
        occurred_at_ms=1,
        session_id=SessionId("s"),
        window=1,
        revision=1,
        start_ms=20_000,
        end_ms=40_000,
        audio_from_ms=10_000,
        session_end_ms=session_end_ms,
        chunks=tuple(
            ChunkRef(
                seq=n, sha256="0" * 64, start_ms=start * 1000, duration_ms=(end - start) * 1000
            )
            for n, (start, end) in enumerate(chunks)
        ),
    )


def window_audio() -> WindowAudio:
    blobs = MemoryBlobStore()
    for seq in range(4):
        blobs.put(CHUNK.key(session_id=SessionId("s"), seq=seq, sha256="0" * 64), b"", "audio/flac")
    return WindowAudio(blobs, Silence())


@pytest.mark.parametrize(
    ("chunks", "there"),
    [
        ([(0, 30), (30, 50)], GRID.owned(40_000, 50_000, None)),
        ([(0, 30), (30, 42)], GRID.owned(40_000, 42_000, None)),
        ([(0, 30), (30, 41)], None),
        ([(0, 20), (20, 40)], None),
        ([(0, 30), (30, 60)], None),
        ([], None),
    ],
)
def test_the_audio_behind_a_window(chunks: list[tuple[int, int]], there: range | None) -> None:
    found = behind_window(window_audio(), GRID, ready(chunks))
    assert (found.chunks if found else None) == there
    if found:
        length_ms = GRID.end_ms(found.chunks) - GRID.start_ms(found.chunks)
        assert len(found.samples) == length_ms * SAMPLES_PER_MS


def test_behind_the_last_window_is_nothing() -> None:
    window = ready([(0, 30), (30, 50)], session_end_ms=50_000)
    assert behind_window(window_audio(), GRID, window) is None


def test_a_step_stops_the_work_ahead_and_lets_it_go_on_behind_its_windows() -> None:
    blobs = MemoryBlobStore()
    ahead = Noted()
    step = Diarize(blobs, lambda: 1, "m", window_audio(), Loudness(), ahead=ahead)
    prepared, _ = step.prepare(ready([(0, 30), (30, 50)]))
    assert prepared.behind is not None
    step.work([prepared, OwnAudio(replace(prepared.own))])
    assert ahead.calls == [[], [prepared.behind]]
