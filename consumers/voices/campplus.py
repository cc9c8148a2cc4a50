"""CAM++ speaker embedding as a pyannote.audio model, with weighted statistics pooling.

Wang et al., 2023, "CAM++: a fast and efficient network for speaker verification using context-aware
masking". Layer names are those of the published checkpoint (3D-Speaker, Apache-2.0), which is
loaded into them.
"""

import functools
from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - as all of torch calls it
from pyannote.audio import Model
from pyannote.audio.core.task import Problem, Resolution, Specifications
from torch import Tensor, nn
from torchaudio.compliance import kaldi

from consumers.voices.campplus_layers import (
    EPSILON,
    DenseBlock,
    Front,
    mean_of,
    only,
    xvector_layers,
)
from schemas.audio import SAMPLE_RATE

FRAME_SAMPLES, HOP_SAMPLES = 400, 160
"""Of one mel frame: 25 ms every 10 ms, Kaldi's own."""


class CamPlus(Model):
    """Waveforms to embeddings.

    Waveforms: shape (batch, 1, samples) at 16 kHz. Weights: shape (batch, frames), or None.
    Embeddings: shape (batch, 192).
    """

    def __init__(
        self,
        dimension: int = 192,
        sample_rate: int = SAMPLE_RATE,
        num_channels: int = 1,
        task: Any = None,
    ) -> None:
        super().__init__(sample_rate=sample_rate, num_channels=num_channels, task=task)
        self.specifications = Specifications(
            problem=Problem.REPRESENTATION, resolution=Resolution.CHUNK, duration=5.0
        )
        self._dimension = dimension
        self.head = Front()
        self.xvector = xvector_layers(self.head.out_channels, dimension)
        self._mel = functools.partial(
            kaldi.fbank, num_mel_bins=80, sample_frequency=sample_rate, dither=0.0
        )

    @property
    def dimension(self) -> int:
        """Length of an embedding."""
        return self._dimension

    def _frames(
        self, waveforms: Tensor, ends: Tensor | None = None
    ) -> tuple[Tensor, Tensor | None]:
        """Frames of the trunk, shape (batch, channels, frames), and which of them are real.

        `ends`: where each waveform ends, in samples, shape (batch,). None: all at the end.
        """
        mel = torch.vmap(self._mel)(waveforms).transpose(1, 2)
        real = None if ends is None else _real(mel, ends)
        mel = only(mel, real)
        x = self.head(only(mel - mean_of(mel, real), real), real)
        half = None if real is None else real[..., ::2]  # the first layer takes every other frame
        for name, layer in self.xvector.named_children():
            if isinstance(layer, DenseBlock):
                x = layer(x, half)
            elif name != "dense":
                x = layer(x)
        return x, half

    def forward(self, waveforms: Tensor, weights: Tensor | None = None, **kwargs: Any) -> Tensor:
        """Mean and deviation over frames, weighted by who is speaking when `weights` are given."""
        if weights is None:
            return self._embedded(*self._frames(waveforms))
        # pyannote repeats a chunk for each local speaker; the trunk runs once a chunk (3x faster).
        distinct = torch.ones(len(waveforms), dtype=torch.bool, device=waveforms.device)
        distinct[1:] = (waveforms[1:] != waveforms[:-1]).flatten(1).any(1)
        frames, _ = self._frames(waveforms[distinct])
        x = frames[distinct.cumsum(0) - 1]
        return self._dense(_weighted_statistics(x, weights))

    def pieces(self, waveforms: Sequence[Tensor]) -> Tensor:
        """The embedding of each piece, as if it were alone. A piece has shape (samples,).

        Many pieces cost little more than one where each call of a layer costs more than its work,
        as on an accelerator. Sort them by length: the shorter ones are padded.
        """
        ends = torch.tensor([len(one) for one in waveforms], device=self.device)
        padded = nn.utils.rnn.pad_sequence(list(waveforms), batch_first=True).to(self.device)
        return self._embedded(*self._frames(padded[:, None], ends))

    def _embedded(self, x: Tensor, real: Tensor | None) -> Tensor:
        x = only(x, real)
        mean = mean_of(x, real)
        deviation = mean_of(only((x - mean) ** 2, real), real).sqrt()
        return self._dense(torch.cat([mean, deviation], 1).squeeze(-1))

    def _dense(self, statistics: Tensor) -> Tensor:
        embeddings: Tensor = self.xvector.dense(statistics)  # type: ignore[operator]
        return embeddings


def _real(mel: Tensor, ends: Tensor) -> Tensor:
    """1 for each frame of `mel` that is within its waveform, shape (batch, 1, frames)."""
    whole = (ends - FRAME_SAMPLES) // HOP_SAMPLES + 1
    numbers = torch.arange(mel.shape[-1], device=mel.device)
    return (numbers < whole[:, None]).to(mel.dtype)[:, None]


def _weighted_statistics(x: Tensor, weights: Tensor) -> Tensor:
    """Weighted mean and unbiased deviation over frames, as pyannote's StatsPool.

    `x`: shape (batch, channels, frames). `weights`: shape (batch, other frames). Returns shape
    (batch, 2 * channels).
    """
    w = F.interpolate(weights.unsqueeze(1), size=x.shape[-1], mode="nearest")
    total = w.sum(-1) + EPSILON
    mean = (x * w).sum(-1) / total
    deviations = (x - mean.unsqueeze(-1)) ** 2
    freedom = total - (w**2).sum(-1) / total + EPSILON
    variance = (deviations * w).sum(-1) / freedom
    deviation = variance.clamp_min(EPSILON).sqrt()
    return torch.cat([mean, deviation], -1)
