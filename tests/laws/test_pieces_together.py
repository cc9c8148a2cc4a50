"""Pieces of different lengths that share a pass have the voice of each alone. Real models."""

from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
import soundfile as sf
import torch

from consumers.voices.campplus import CamPlus
from consumers.voices.piece_embedding import one_by_one, together
from consumers.voices.pyannote_diarizer import PyannoteDiarizer
from deploy.benchmark.voice_passes import ALIKE
from schemas.audio import SAMPLE_RATE

LENGTHS_S = (1.7, 0.3, 2.2, 1.0, 0.9995, 0.55, 1.3, 1.0)
"""From the shortest that is embedded to the longest, out of order, and one of an odd number."""


def test_as_if_alone(diarizer: PyannoteDiarizer) -> None:
    samples, _ = sf.read(Path("tests/recordings/reunion_4spk.flac"), dtype="float32")
    edges = [int(end_s * SAMPLE_RATE) for end_s in accumulate(LENGTHS_S, initial=1.0)]
    pieces = [samples[start:end] for start, end in pairwise(edges)]
    alone = one_by_one(diarizer.pipeline)(pieces)
    assert len(np.unique(alone.round(2), axis=0)) == len(pieces)
    for most in (3, len(pieces)):
        found = together(_model(diarizer), most)(pieces)
        assert np.abs(found - alone).max() < ALIKE


def test_what_is_behind_a_piece_says_nothing(diarizer: PyannoteDiarizer) -> None:
    rng = torch.Generator().manual_seed(0)
    short, *longer = (torch.randn(size, generator=rng) for size in (8_000, 9_000, 40_000))
    with torch.inference_mode():
        a_little, much = (_model(diarizer).pieces([short, other])[0] for other in longer)
    assert torch.allclose(a_little, much, atol=ALIKE)


def _model(diarizer: PyannoteDiarizer) -> CamPlus:
    model = diarizer.pipeline._embedding.model_
    assert isinstance(model, CamPlus)
    return model
