"""One window's share of a diarization: local speaker activity and embeddings on the session's grid."""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np

from consumers.audio.decoder import Samples
from consumers.voices.embeddings import Array
from consumers.voices.utterances import NONE, Utterances, heard
from schemas.audio import SAMPLE_RATE

EDGE_MS = 200
"""An utterance that ends so close to a window's end may go on in the next one, which owns it: longer than the pause that ends one."""


@dataclass(frozen=True)
class Grid:
    """Chunks of `chunk_ms` every `step_ms`, from the session's start; the last one is padded at the session's end."""

    chunk_ms: int
    step_ms: int

    def count(self, total_ms: int) -> int:
        """How many chunks a whole-file pass over `total_ms` makes (pyannote.audio, Inference.slide)."""
        if total_ms <= 0:
            return 0
        whole = max(0, (total_ms - self.chunk_ms) // self.step_ms + 1)
        rest = total_ms < self.chunk_ms or (total_ms - self.chunk_ms) % self.step_ms > 0
        return whole + rest

    def owned(self, start_ms: int, end_ms: int, session_end_ms: int | None) -> range:
        """Numbers of the chunks that end in (start_ms, end_ms]; the session's last window owns all that are left."""
        first = self._ended(start_ms)
        return range(
            first,
            max(
                first, self._ended(end_ms) if session_end_ms is None else self.count(session_end_ms)
            ),
        )

    def settled(self, chunks: range, is_last: bool) -> tuple[int, int]:
        """(after, until] in ms from the start of the first of `chunks`: when utterances end that belong to them; each belongs to one window."""
        until = (len(chunks) - 1) * self.step_ms + self.chunk_ms
        return (
            self.chunk_ms - self.step_ms - EDGE_MS if chunks.start else 0,
            until if is_last else until - EDGE_MS,
        )

    def _ended(self, at_ms: int) -> int:
        return max(0, (at_ms - self.chunk_ms) // self.step_ms + 1)


@dataclass(frozen=True)
class Voices:
    """segmentations (chunks, frames, local speakers), embeddings (chunks, local speakers, dimension); `utterances` since the first chunk's start."""

    segmentations: Array
    embeddings: Array
    utterances: Utterances = NONE

    def to_bytes(self) -> bytes:
        """Arrays as npz: activity as bits (pyannote's powerset output is 0 or 1), embeddings as float32."""
        out = io.BytesIO()
        np.savez_compressed(
            out,
            segmentations=self.segmentations.astype(np.uint8),
            embeddings=self.embeddings.astype(np.float32),
            utterance_spans=self.utterances.spans,
            utterance_embeddings=self.utterances.embeddings,
        )
        return out.getvalue()

    @classmethod
    def from_bytes(cls, body: bytes) -> "Voices":
        """The arrays; ValueError for anything that would need pickle."""
        with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
            known = "utterance_spans" in arrays  # windows heard before there were any have none
            utterances = (
                Utterances(arrays["utterance_spans"], arrays["utterance_embeddings"])
                if known
                else NONE
            )
            return cls(arrays["segmentations"].astype(np.float32), arrays["embeddings"], utterances)


def listen(pipeline: Any, grid: Grid, chunks: range, is_last: bool, samples: Samples) -> Voices:
    """Blocking: the models run here. `samples` begin with the first of `chunks` and end where the last one does, or with the session."""
    import torch

    waveform = torch.from_numpy(np.ascontiguousarray(samples))[None]
    file = {"waveform": waveform, "sample_rate": SAMPLE_RATE, "uri": "window"}
    segmentations = pipeline.get_segmentations(file)
    embeddings = pipeline.get_embeddings(
        file, segmentations, exclude_overlap=pipeline.embedding_exclude_overlap
    )
    utterances = heard(
        pipeline, samples, chunks.start * grid.step_ms, grid.settled(chunks, is_last)
    )
    return Voices(segmentations.data[: len(chunks)], embeddings[: len(chunks)], utterances)
