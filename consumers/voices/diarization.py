"""Diarization of one window: local speaker activity and embeddings on the session's grid.

`Diarizer` is the port of the models of voices; `consumers.voices.pyannote_diarizer` implements it.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from consumers.audio.decoder import Samples
from consumers.voices.embeddings import Array
from consumers.voices.grid import Grid
from consumers.voices.utterances import NONE, Utterances, find_utterances


@dataclass(frozen=True)
class Voices:
    """The voices of some chunks.

    `segmentations`: shape (chunks, frames, local speakers), 1 where a local speaker is active.
    `embeddings`: shape (chunks, local speakers, dimension). `utterances`: times count from the
    start of the first chunk.
    """

    segmentations: Array
    embeddings: Array
    utterances: Utterances = NONE

    @classmethod
    def silence(
        cls, chunks: int = 0, frames: int = 0, speakers: int = 0, dimension: int = 0
    ) -> "Voices":
        """Chunks in which nobody speaks; an embedding of nobody is NaN."""
        activity = np.zeros((chunks, frames, speakers), np.float32)
        return cls(activity, np.full((chunks, speakers, dimension), np.nan, np.float32))

    def to_bytes(self) -> bytes:
        """Arrays as npz: activity as bits (pyannote's powerset output is 0 or 1), float32 else."""
        out = io.BytesIO()
        np.savez_compressed(
            out,
            segmentations=self.segmentations.astype(np.uint8),
            embeddings=self.embeddings.astype(np.float32),
            utterance_spans=self.utterances.spans,
            utterance_embeddings=self.utterances.embeddings,
            utterance_levels=self.utterances.levels,
        )
        return out.getvalue()

    @classmethod
    def from_bytes(cls, body: bytes) -> "Voices":
        """The arrays. Raises ValueError for anything that would need pickle."""
        with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
            utterances = Utterances(
                arrays["utterance_spans"],
                arrays["utterance_embeddings"],
                arrays["utterance_levels"],
            )
            activity = arrays["segmentations"].astype(np.float32)
            return cls(activity, arrays["embeddings"], utterances)


class Diarizer(Protocol):
    """The models of voices. All methods block."""

    grid: Grid

    def segment(self, samples: Samples) -> Array:
        """Activity of local speakers, shape (chunks, frames, local speakers), 0 or 1.

        `samples` are 16 kHz mono and begin with a chunk of the grid.
        """

    def embed(self, samples: Samples, activity: Array) -> Array:
        """Embeddings of the local speakers, shape (chunks, local speakers, dimension)."""

    def embed_pieces(self, pieces: Sequence[Samples]) -> Array:
        """Embeddings of pieces of speech, each of one person, shape (pieces, dimension)."""


def diarize_window(diarizer: Diarizer, chunks: range, is_last: bool, samples: Samples) -> Voices:
    """Voices of the chunks that a window owns. Blocking: the models run here.

    `samples` begin with the first of `chunks` and end with the last of them, or with the session.
    """
    grid = diarizer.grid
    activity = diarizer.segment(samples)
    embeddings = diarizer.embed(samples, activity)
    utterances = find_utterances(
        diarizer.embed_pieces, samples, grid.start_ms(chunks), grid.utterance_ends(chunks, is_last)
    )
    # The models add a padded chunk where the audio goes on after the last whole one.
    return Voices(activity[: len(chunks)], embeddings[: len(chunks)], utterances)
