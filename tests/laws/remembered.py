"""Models of voices that run once on a chunk of audio, however many cuts of a recording have it.

Only what models make of one chunk, or of one piece of an utterance, is remembered, by its samples.
All that makes turns and voices of it runs anew in each cut, and in pyannote's own pass over a whole
file: framing, batches, weights, clusters, where utterances begin and end.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

import torch
from torch import Tensor

from consumers.voices.campplus import CamPlus
from consumers.voices.pyannote_diarizer import PyannoteDiarizer

OfEach = Callable[[Sequence[Tensor]], Tensor]
"""Waveforms to what a model makes of each, shape (waveforms, …)."""


def remember(diarizer: PyannoteDiarizer) -> PyannoteDiarizer:
    """Return the same diarizer, whose models remember chunks from now on."""
    segmentation: Any = diarizer.pipeline._segmentation.model
    segmentation.forward = _remembering(_together(segmentation.forward))
    embedding = diarizer.pipeline._embedding.model_
    assert isinstance(embedding, CamPlus)
    embedding._frames = _frames_remembering(embedding._frames)  # type: ignore[method-assign]
    embedding.pieces = _remembering(embedding.pieces)  # type: ignore[method-assign, assignment]
    return diarizer


def _frames_remembering(
    frames: Callable[[Tensor, Tensor | None], tuple[Tensor, Tensor | None]],
) -> Callable[..., tuple[Tensor, Tensor | None]]:
    """Frames of whole chunks are remembered. Of pieces of different ends the embeddings are."""
    of_chunks = _remembering(_together(lambda waveforms: frames(waveforms, None)[0]))

    def found(waveforms: Tensor, ends: Tensor | None = None) -> tuple[Tensor, Tensor | None]:
        return (of_chunks(list(waveforms)), None) if ends is None else frames(waveforms, ends)

    return found


def _together(model: Callable[[Tensor], Tensor]) -> OfEach:
    """A model of waveforms of the same length, shape (batch, 1, samples)."""
    return lambda waveforms: model(torch.stack(list(waveforms)))


def _remembering(model: OfEach) -> OfEach:
    known: dict[bytes, Tensor] = {}

    def found(waveforms: Sequence[Tensor]) -> Tensor:
        names = [sha256(waveform.numpy().tobytes()).digest() for waveform in waveforms]
        fresh = [place for place, name in enumerate(names) if name not in known]
        if fresh:
            made = model([waveforms[place] for place in fresh])
            known.update(zip([names[place] for place in fresh], made, strict=True))
        return torch.stack([known[name] for name in names])

    return found
