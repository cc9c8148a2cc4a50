"""Embeddings of pieces of speech, with the model that the pipeline of voices has."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from consumers.audio.decoder import Samples
from consumers.voices.embeddings import Array

if TYPE_CHECKING:
    from pyannote.audio.pipelines import SpeakerDiarization
    from torch import Tensor

    from consumers.voices.campplus import CamPlus

EmbedPieces = Callable[[Sequence[Samples]], Array]
"""Pieces of one person each, 16 kHz mono, to an array of shape (pieces, dimension). Blocking."""


def one_by_one(pipeline: "SpeakerDiarization") -> EmbedPieces:
    """A pass of the model for each piece: any model will do."""

    def embed(pieces: Sequence[Samples]) -> Array:
        passes = (pipeline._embedding(waveform(one)[None]) for one in pieces)  # noqa: SLF001
        return np.concatenate(list(passes)).astype(np.float32)

    return embed


def together(model: "CamPlus", most: int) -> EmbedPieces:
    """Up to `most` pieces of about the same length share a pass."""

    def embed(pieces: Sequence[Samples]) -> Array:
        order = sorted(range(len(pieces)), key=lambda place: len(pieces[place]))
        found = np.empty((len(pieces), model.dimension), np.float32)
        for first in range(0, len(order), most):
            places = order[first : first + most]
            found[places] = _pass(model, [pieces[place] for place in places])
        return found

    return embed


def _pass(model: "CamPlus", pieces: Sequence[Samples]) -> Array:
    import torch

    with torch.inference_mode():
        found: Array = model.pieces([waveform(one)[0] for one in pieces]).cpu().numpy()
    return found


def waveform(samples: Samples) -> "Tensor":
    """A tensor of shape (1, samples), as pyannote takes audio."""
    import torch

    return torch.from_numpy(np.ascontiguousarray(samples))[None]
