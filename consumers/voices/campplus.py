"""CAM++ speaker embedding as a pyannote.audio model, with weighted statistics pooling.

Wang et al., 2023, "CAM++: a fast and efficient network for speaker verification using context-aware
masking". Layer names are those of the published checkpoint (3D-Speaker, Apache-2.0), which is
loaded into them.
"""

import functools
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - as all of torch calls it
from pyannote.audio import Model
from pyannote.audio.core.task import Problem, Resolution, Specifications
from torch import Tensor, nn
from torchaudio.compliance import kaldi

from schemas.audio import SAMPLE_RATE

BLOCKS = ((12, 3, 1), (24, 3, 2), (16, 3, 2))
"""(layers, kernel, dilation) of the three dense blocks."""
CHANNELS = 128
"""Channels before the first dense block."""
GROWTH = 32
"""Channels that each dense layer adds."""
BOTTLENECK = 128
"""Channels within a dense layer."""
SEGMENT = 100
"""Frames of one segment of the context mask."""
EPSILON = 1e-8


def _nonlinear(channels: int, relu: bool = True, affine: bool = True) -> nn.Sequential:
    layers = nn.Sequential()
    layers.add_module("batchnorm", nn.BatchNorm1d(channels, affine=affine))
    if relu:
        layers.add_module("relu", nn.ReLU(inplace=True))
    return layers


class _Residual(nn.Module):
    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, (stride, 1), 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Sequential()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, (stride, 1), bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return F.relu(y + self.shortcut(x))


class _Front(nn.Module):
    """2-D front end: (batch, mel bins, frames) -> (batch, channels * bins / 8, frames)."""

    def __init__(self, bins: int = 80, channels: int = 32) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, channels, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.layer1 = nn.Sequential(
            _Residual(channels, channels, 2), _Residual(channels, channels, 1)
        )
        self.layer2 = nn.Sequential(
            _Residual(channels, channels, 2), _Residual(channels, channels, 1)
        )
        self.conv2 = nn.Conv2d(channels, channels, 3, (2, 1), 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.out_channels = channels * (bins // 8)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x.unsqueeze(1))
        x = F.relu(self.bn1(x))
        x = self.layer1(x)
        x = self.layer2(x)
        x = self.conv2(x)
        x = F.relu(self.bn2(x))
        return x.reshape(x.shape[0], -1, x.shape[-1])


class _Tdnn(nn.Module):
    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int) -> None:
        super().__init__()
        self.linear = nn.Conv1d(
            inputs, outputs, kernel, stride=stride, padding=(kernel - 1) // 2, bias=False
        )
        self.nonlinear = _nonlinear(outputs)

    def forward(self, x: Tensor) -> Tensor:
        return self.nonlinear(self.linear(x))  # type: ignore[no-any-return]


class _ContextMask(nn.Module):
    """Context-aware masking.

    Each frame is weighted by the mean of the whole utterance and the mean of its own segment.
    """

    def __init__(self, outputs: int, kernel: int, dilation: int) -> None:
        super().__init__()
        padding = (kernel - 1) // 2 * dilation
        self.linear_local = nn.Conv1d(
            BOTTLENECK, outputs, kernel, padding=padding, dilation=dilation, bias=False
        )
        self.linear1 = nn.Conv1d(BOTTLENECK, BOTTLENECK // 2, 1)
        self.relu = nn.ReLU(inplace=True)
        self.linear2 = nn.Conv1d(BOTTLENECK // 2, outputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        segment = F.avg_pool1d(x, SEGMENT, SEGMENT, ceil_mode=True)
        segment = segment.repeat_interleave(SEGMENT, dim=-1)[..., : x.shape[-1]]
        context = self.relu(self.linear1(x.mean(-1, keepdim=True) + segment))
        masked: Tensor = self.linear_local(x) * torch.sigmoid(self.linear2(context))
        return masked


class _DenseLayer(nn.Module):
    def __init__(self, inputs: int, kernel: int, dilation: int) -> None:
        super().__init__()
        self.nonlinear1 = _nonlinear(inputs)
        self.linear1 = nn.Conv1d(inputs, BOTTLENECK, 1, bias=False)
        self.nonlinear2 = _nonlinear(BOTTLENECK)
        self.cam_layer = _ContextMask(GROWTH, kernel, dilation)

    def forward(self, x: Tensor) -> Tensor:
        narrow = self.linear1(self.nonlinear1(x))
        added: Tensor = self.cam_layer(self.nonlinear2(narrow))
        return added


class _DenseBlock(nn.Module):
    def __init__(self, layers: int, inputs: int, kernel: int, dilation: int) -> None:
        super().__init__()
        for n in range(layers):
            self.add_module(f"tdnnd{n + 1}", _DenseLayer(inputs + n * GROWTH, kernel, dilation))

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.children():
            x = torch.cat([x, layer(x)], 1)
        return x


class _Linear(nn.Module):
    """A 1x1 convolution behind (transit) or before (dense) its normalisation."""

    def __init__(self, inputs: int, outputs: int, transit: bool) -> None:
        super().__init__()
        self.transit = transit
        self.linear = nn.Conv1d(inputs, outputs, 1, bias=False)
        self.nonlinear = (
            _nonlinear(inputs) if transit else _nonlinear(outputs, relu=False, affine=False)
        )

    def forward(self, x: Tensor) -> Tensor:
        if self.transit:
            transit: Tensor = self.linear(self.nonlinear(x))
            return transit
        dense: Tensor = self.nonlinear(self.linear(x.unsqueeze(-1)).squeeze(-1))
        return dense


def _xvector(inputs: int, dimension: int) -> nn.Sequential:
    """(batch, inputs, frames) -> (batch, channels, frames). Its layer `dense` follows pooling."""
    layers = nn.Sequential()
    channels = CHANNELS
    layers.add_module("tdnn", _Tdnn(inputs, channels, 5, stride=2))
    for n, (depth, kernel, dilation) in enumerate(BLOCKS, 1):
        layers.add_module(f"block{n}", _DenseBlock(depth, channels, kernel, dilation))
        channels += depth * GROWTH
        layers.add_module(f"transit{n}", _Linear(channels, channels // 2, transit=True))
        channels //= 2
    layers.add_module("out_nonlinear", _nonlinear(channels))
    layers.add_module("dense", _Linear(2 * channels, dimension, transit=False))
    return layers


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
        self.head = _Front()
        self.xvector = _xvector(self.head.out_channels, dimension)
        self._mel = functools.partial(
            kaldi.fbank, num_mel_bins=80, sample_frequency=sample_rate, dither=0.0
        )

    @property
    def dimension(self) -> int:
        """Length of an embedding."""
        return self._dimension

    def _frames(self, waveforms: Tensor) -> Tensor:
        mel = torch.vmap(self._mel)(waveforms)
        x = self.head((mel - mel.mean(1, keepdim=True)).transpose(1, 2))
        for name, layer in self.xvector.named_children():
            if name != "dense":
                x = layer(x)
        return x  # type: ignore[no-any-return]

    def forward(self, waveforms: Tensor, weights: Tensor | None = None, **kwargs: Any) -> Tensor:
        """Mean and deviation over frames, weighted by who is speaking when `weights` are given."""
        if weights is None:
            x = self._frames(waveforms)
            return self._dense(torch.cat([x.mean(-1), x.std(-1, correction=0)], -1))
        # pyannote repeats a chunk for each local speaker; the trunk runs once a chunk (3x faster).
        distinct = torch.ones(len(waveforms), dtype=torch.bool, device=waveforms.device)
        distinct[1:] = (waveforms[1:] != waveforms[:-1]).flatten(1).any(1)
        x = self._frames(waveforms[distinct])[distinct.cumsum(0) - 1]
        return self._dense(_weighted_statistics(x, weights))

    def _dense(self, statistics: Tensor) -> Tensor:
        embeddings: Tensor = self.xvector.dense(statistics)  # type: ignore[operator]
        return embeddings


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
