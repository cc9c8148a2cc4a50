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
    MEL_BINS,
    DenseBlock,
    Front,
    mean_of,
    only,
    xvector_layers,
)
from schemas.audio import SAMPLE_RATE

FRAME_SAMPLES, HOP_SAMPLES = 400, 160
"""Length of a mel frame, and distance to the next: 25 ms every 10 ms, as Kaldi has it."""


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
            kaldi.fbank, num_mel_bins=MEL_BINS, sample_frequency=sample_rate, dither=0.0
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
        mel_of_each = torch.vmap(self._mel)
        mel = mel_of_each(waveforms).transpose(1, 2)
        real = None if ends is None else _real(mel, ends)
        mel = only(mel, real)
        centred = only(mel - mean_of(mel, real), real)
        x = self.head(centred, real)
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
            frames, real = self._frames(waveforms)
            return self._embedded(frames, real)
        # pyannote has local speakers who say nothing: what is heard makes no difference to them.
        speaks = weights.any(1)
        of_nobody = waveforms.new_zeros(len(waveforms), self._channels, 1)
        statistics = _weighted_statistics(of_nobody, torch.zeros_like(weights))
        if speaks.any():
            statistics[speaks] = self._of_speakers(waveforms[speaks], weights[speaks])
        return self._dense(statistics)

    def _of_speakers(self, waveforms: Tensor, weights: Tensor) -> Tensor:
        """Statistics of each, shape (batch, 2 * channels)."""
        # pyannote repeats a chunk for each local speaker; the trunk runs once a chunk (3x faster).
        is_new = _differs_from_the_one_before(waveforms)
        frames, _ = self._frames(waveforms[is_new])
        place_of_each = is_new.cumsum(0) - 1
        return _weighted_statistics(frames[place_of_each], weights)

    @property
    def _channels(self) -> int:
        """Of the trunk's frames."""
        dense: Any = self.xvector.dense
        return int(dense.linear.in_channels) // 2

    def pieces(self, waveforms: Sequence[Tensor]) -> Tensor:
        """The embedding of each piece, as if it were alone. A piece has shape (samples,).

        Many pieces cost little more than one where each call of a layer costs more than its work,
        as on an accelerator. Sort them by length: the shorter ones are padded.
        """
        lengths = [len(waveform) for waveform in waveforms]
        ends = torch.tensor(lengths, device=self.device)
        padded = nn.utils.rnn.pad_sequence(list(waveforms), batch_first=True)
        one_channel = padded.to(self.device)[:, None]
        frames, real = self._frames(one_channel, ends)
        return self._embedded(frames, real)

    def _embedded(self, x: Tensor, real: Tensor | None) -> Tensor:
        """The embedding by the mean and the deviation over all real frames."""
        x = only(x, real)
        mean = mean_of(x, real)
        squares = only((x - mean) ** 2, real)
        deviation = mean_of(squares, real).sqrt()
        statistics = torch.cat([mean, deviation], 1).squeeze(-1)
        return self._dense(statistics)

    def _dense(self, statistics: Tensor) -> Tensor:
        embeddings: Tensor = self.xvector.dense(statistics)  # type: ignore[operator]
        return embeddings


def _differs_from_the_one_before(waveforms: Tensor) -> Tensor:
    """Shape (batch,): whether a waveform is another than the one before. The first one is."""
    differs = torch.ones(len(waveforms), dtype=torch.bool, device=waveforms.device)
    other_samples = waveforms[1:] != waveforms[:-1]
    differs[1:] = other_samples.flatten(1).any(1)
    return differs


def _real(mel: Tensor, ends: Tensor) -> Tensor:
    """1 for each frame of `mel` that is within its waveform, shape (batch, 1, frames)."""
    whole = (ends - FRAME_SAMPLES) // HOP_SAMPLES + 1
    numbers = torch.arange(mel.shape[-1], device=mel.device)
    is_within = numbers < whole[:, None]
    return is_within.to(mel.dtype)[:, None]


def _weighted_statistics(x: Tensor, weights: Tensor) -> Tensor:
    """Weighted mean and unbiased deviation over frames, as pyannote's StatsPool.

    `x`: shape (batch, channels, frames). `weights`: shape (batch, other frames). Returns shape
    (batch, 2 * channels).
    """
    w = F.interpolate(weights.unsqueeze(1), size=x.shape[-1], mode="nearest")
    total = w.sum(-1) + EPSILON
    weighted = x * w
    mean = weighted.sum(-1) / total
    squares = (x - mean.unsqueeze(-1)) ** 2
    weighted_squares = squares * w
    squared_weights = (w**2).sum(-1)
    freedom = total - squared_weights / total + EPSILON
    variance = weighted_squares.sum(-1) / freedom
    deviation = variance.clamp_min(EPSILON).sqrt()
    return torch.cat([mean, deviation], -1)
