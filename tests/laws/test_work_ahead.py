"""A window whose first half was worked on ahead has the voices of one that was not. Real models."""

from collections.abc import Sequence
from pathlib import Path

import soundfile as sf

from consumers.audio.decoder import Samples
from consumers.diarize.ahead import Ahead
from consumers.diarize.chunk_audio import ChunkAudio
from consumers.voices.diarization import diarize_window
from consumers.voices.embeddings import Array
from consumers.voices.pyannote_diarizer import PyannoteDiarizer
from consumers.voices.remembered import RememberingDiarizer
from deploy.benchmark.voice_passes import is_alike
from schemas.audio import SAMPLE_RATE, SAMPLES_PER_MS
from tests.laws.conftest import VoicesOf

RECORDING = "reunion_4spk"
WINDOW_MS = 20_000
THERE_MS = 30_000
"""The first upload ends in the middle of the second window."""


class Noting:
    """The models. Notes the seconds that they segment, and how many pieces they embed."""

    def __init__(self, models: PyannoteDiarizer) -> None:
        self.grid = models.grid
        self._models = models
        self.segmented_s = 0.0
        self.pieces = 0

    def segment(self, samples: Samples) -> Array:
        self.segmented_s += len(samples) / SAMPLE_RATE
        return self._models.segment(samples)

    def embed(self, samples: Samples, activity: Array) -> Array:
        return self._models.embed(samples, activity)

    def embed_pieces(self, pieces: Sequence[Samples]) -> Array:
        self.pieces += len(pieces)
        return self._models.embed_pieces(pieces)


def test_the_same_voices_for_half_of_the_work(
    diarizer: PyannoteDiarizer, voices_of: VoicesOf
) -> None:
    samples, _ = sf.read(Path(f"tests/recordings/{RECORDING}.flac"), dtype="float32")
    models = Noting(diarizer)
    remembering = RememberingDiarizer(models)
    there = diarizer.grid.owned(WINDOW_MS, THERE_MS, None)
    Ahead(remembering, rest_s=0).begin([_chunks(models, samples, there)]).result()
    before = models.pieces
    models.segmented_s = 0.0
    window = _chunks(models, samples, diarizer.grid.owned(WINDOW_MS, 2 * WINDOW_MS, None))
    found = diarize_window(remembering, window.chunks, False, window.samples)
    alone = voices_of(RECORDING, WINDOW_MS)[1]
    assert is_alike(found, alone)
    assert models.segmented_s == 18
    assert before > 2
    assert models.pieces - before <= len(alone.utterances) - before + 2


def _chunks(models: Noting, samples: Samples, chunks: range) -> ChunkAudio:
    first = models.grid.start_ms(chunks) * SAMPLES_PER_MS
    last = models.grid.end_ms(chunks) * SAMPLES_PER_MS
    return ChunkAudio(samples[first:last], chunks, is_last=False)
