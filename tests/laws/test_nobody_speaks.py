"""A chunk in which nobody speaks costs no pass of the model of voices. Real models."""

import pytest
import torch
from torch import Tensor

from consumers.voices.campplus import CamPlus, _weighted_statistics
from consumers.voices.pyannote_diarizer import PyannoteDiarizer
from deploy.benchmark.voice_passes import ALIKE
from schemas.audio import SAMPLE_RATE

FRAMES = 589
LOCAL_SPEAKERS = 3


def test_a_chunk_of_nobody_is_embedded_without_a_pass(
    diarizer: PyannoteDiarizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three chunks; somebody speaks in the second one. All embeddings are as with a pass each."""
    model = diarizer.pipeline._embedding.model_
    assert isinstance(model, CamPlus)
    frames_of = model._frames
    heard: list[int] = []

    def noted(waveforms: Tensor, ends: Tensor | None = None) -> tuple[Tensor, Tensor | None]:
        heard.append(len(waveforms))
        return frames_of(waveforms, ends)

    monkeypatch.setattr(model, "_frames", noted)
    chunks = torch.randn(3, 1, SAMPLE_RATE, generator=torch.Generator().manual_seed(0))
    of_each = chunks.repeat_interleave(LOCAL_SPEAKERS, 0)
    weights = torch.zeros(len(of_each), FRAMES)
    weights[LOCAL_SPEAKERS, 100:300] = 1
    with torch.inference_mode():
        found = model(of_each, weights)
        assert heard == [1]
        of_silence = model(of_each, torch.zeros_like(weights))
        assert heard == [1]
        expected = model._dense(_weighted_statistics(frames_of(of_each)[0], weights))
    assert torch.allclose(found, expected, atol=ALIKE)
    assert torch.allclose(of_silence[1:], expected[-1], atol=ALIKE)
