"""Models of voices that run once on a chunk of audio, however many cuts of a recording have it.

Only the layers that look at one chunk at a time are remembered, by the chunk's samples. All that
makes turns and voices of it runs anew in each cut: framing, batches, weights, utterances. So does
pyannote's own pass over a whole file, with which the cuts are compared.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import torch
from torch import Tensor

from consumers.voices.campplus import CamPlus
from consumers.voices.pyannote_diarizer import PyannoteDiarizer

OfChunks = Callable[[Tensor], Tensor]
"""Waveforms, shape (batch, 1, samples), to what a model makes of each, shape (batch, …)."""


def remember(diarizer: PyannoteDiarizer) -> PyannoteDiarizer:
    """Return the same diarizer, whose models remember chunks from now on."""
    segmentation: Any = diarizer.pipeline._segmentation.model
    segmentation.forward = _remembering(segmentation.forward)
    embedding = diarizer.pipeline._embedding.model_
    assert isinstance(embedding, CamPlus)
    embedding._frames = _frames_remembering(embedding._frames)  # type: ignore[method-assign]
    return diarizer


def _frames_remembering(
    frames: Callable[[Tensor, Tensor | None], tuple[Tensor, Tensor | None]],
) -> Callable[..., tuple[Tensor, Tensor | None]]:
    """Frames of whole chunks are remembered. Pieces of different ends are not."""
    of_chunks = _remembering(lambda waveforms: frames(waveforms, None)[0])

    def found(waveforms: Tensor, ends: Tensor | None = None) -> tuple[Tensor, Tensor | None]:
        return (of_chunks(waveforms), None) if ends is None else frames(waveforms, ends)

    return found


def _remembering(model: OfChunks) -> OfChunks:
    known: dict[bytes, Tensor] = {}

    def found(waveforms: Tensor) -> Tensor:
        names = [sha256(waveform.numpy().tobytes()).digest() for waveform in waveforms]
        fresh = [place for place, name in enumerate(names) if name not in known]
        if fresh:
            made = model(waveforms[fresh])
            known.update(zip([names[place] for place in fresh], made, strict=True))
        return torch.stack([known[name] for name in names])

    return found
