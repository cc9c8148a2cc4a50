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
        found: list[Array] = []
        for piece in pieces:
            batch = waveform(piece)[None]
            found.append(pipeline._embedding(batch))  # noqa: SLF001
        return np.concatenate(found).astype(np.float32)

    return embed


def together(model: "CamPlus", most: int) -> EmbedPieces:
    """Up to `most` pieces of about the same length share a pass."""

    def embed(pieces: Sequence[Samples]) -> Array:
        lengths = [len(piece) for piece in pieces]
        shortest_first = np.argsort(lengths, kind="stable").tolist()
        found = np.empty((len(pieces), model.dimension), np.float32)
        for first in range(0, len(pieces), most):
            places = shortest_first[first : first + most]
            shared = [pieces[place] for place in places]
            found[places] = _pass(model, shared)
        return found

    return embed


def _pass(model: "CamPlus", pieces: Sequence[Samples]) -> Array:
    import torch

    tensors = [waveform(piece)[0] for piece in pieces]
    with torch.inference_mode():
        embeddings = model.pieces(tensors)
    found: Array = embeddings.cpu().numpy()
    return found


def waveform(samples: Samples) -> "Tensor":
    """A tensor of shape (1, samples), as pyannote takes audio."""
    import torch

    return torch.from_numpy(np.ascontiguousarray(samples))[None]
