"""The layers of CAM++ (`campplus.py`), for pieces of different lengths in one batch.

Pieces are padded to the longest. `real`, shape (batch, 1, frames), is 1 within a piece, else 0; it
is None when all are equally long. Whatever looks at a frame's neighbours, or at all frames, takes
`x` with zeros behind the end of each piece. So a piece is embedded as if it were alone.
"""

from itertools import chain

import torch
import torch.nn.functional as F  # noqa: N812 - as all of torch calls it
from torch import Tensor, nn

MEL_BINS = 80
"""Of a mel frame, which the front end takes."""
FRONT_CHANNELS = 32
"""Channels of the front end."""
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


def _nonlinear(channels: int) -> nn.Sequential:
    layers = nn.Sequential()
    layers.add_module("batchnorm", nn.BatchNorm1d(channels))
    layers.add_module("relu", nn.ReLU(inplace=True))
    return layers


def only(x: Tensor, real: Tensor | None) -> Tensor:
    """`x` with zeros behind the end of each piece, as a convolution has them behind a lone piece.

    `real`: shape (batch, 1, frames), 1 within the piece, else 0. None: all are equally long.
    """
    if real is None:
        return x
    if x.ndim > real.ndim:
        real = real.unsqueeze(1)
    return x * real


def mean_of(x: Tensor, real: Tensor | None) -> Tensor:
    """The mean over the frames of each piece, shape (batch, channels, 1). `x` is zero elsewhere."""
    if real is None:
        return x.mean(-1, keepdim=True)
    return x.sum(-1, keepdim=True) / real.sum(-1, keepdim=True)


def _segment_means(x: Tensor, real: Tensor | None) -> Tensor:
    """The mean of each frame's own segment, in the shape of `x`. `x` is zero behind a piece."""
    frames = x.shape[-1]
    means = F.avg_pool1d(x, SEGMENT, SEGMENT, ceil_mode=True)
    if real is not None:
        share = F.avg_pool1d(real, SEGMENT, SEGMENT, ceil_mode=True)
        means = means / share.clamp_min(EPSILON)
    of_each_frame = means.repeat_interleave(SEGMENT, dim=-1)
    return of_each_frame[..., :frames]


class _Residual(nn.Module):
    def __init__(self, stride: int) -> None:
        super().__init__()
        channels = FRONT_CHANNELS
        self.conv1 = nn.Conv2d(channels, channels, 3, (stride, 1), 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.shortcut = nn.Sequential()
        if stride != 1:
            narrow = nn.Conv2d(channels, channels, 1, (stride, 1), bias=False)
            self.shortcut = nn.Sequential(narrow, nn.BatchNorm2d(channels))

    def forward(self, x: Tensor, real: Tensor | None) -> Tensor:
        y = self.bn1(self.conv1(x))
        y = only(F.relu(y), real)
        y = self.bn2(self.conv2(y))
        y = F.relu(y + self.shortcut(x))
        return only(y, real)


class Front(nn.Module):
    """2-D front end: (batch, mel bins, frames) -> (batch, channels * bins / 8, frames)."""

    def __init__(self) -> None:
        super().__init__()
        channels = FRONT_CHANNELS
        self.conv1 = nn.Conv2d(1, channels, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.layer1 = nn.Sequential(_Residual(2), _Residual(1))
        self.layer2 = nn.Sequential(_Residual(2), _Residual(1))
        self.conv2 = nn.Conv2d(channels, channels, 3, (2, 1), 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.out_channels = channels * (MEL_BINS // 8)

    def forward(self, x: Tensor, real: Tensor | None) -> Tensor:
        x = self.conv1(x.unsqueeze(1))
        x = only(F.relu(self.bn1(x)), real)
        for layer in chain(self.layer1, self.layer2):
            x = layer(x, real)
        x = self.conv2(x)
        x = only(F.relu(self.bn2(x)), real)
        return x.reshape(x.shape[0], -1, x.shape[-1])


class _Tdnn(nn.Module):
    """Half as many frames: each sees the five around it."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.linear = nn.Conv1d(inputs, outputs, 5, stride=2, padding=2, bias=False)
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

    def forward(self, x: Tensor, real: Tensor | None) -> Tensor:
        x = only(x, real)
        context = mean_of(x, real) + _segment_means(x, real)
        context = self.relu(self.linear1(context))
        mask = torch.sigmoid(self.linear2(context))
        masked: Tensor = self.linear_local(x) * mask
        return masked


class _DenseLayer(nn.Module):
    def __init__(self, inputs: int, kernel: int, dilation: int) -> None:
        super().__init__()
        self.nonlinear1 = _nonlinear(inputs)
        self.linear1 = nn.Conv1d(inputs, BOTTLENECK, 1, bias=False)
        self.nonlinear2 = _nonlinear(BOTTLENECK)
        self.cam_layer = _ContextMask(GROWTH, kernel, dilation)

    def forward(self, x: Tensor, real: Tensor | None) -> Tensor:
        narrow = self.linear1(self.nonlinear1(x))
        added: Tensor = self.cam_layer(self.nonlinear2(narrow), real)
        return added


class DenseBlock(nn.Module):
    def __init__(self, layers: int, inputs: int, kernel: int, dilation: int) -> None:
        super().__init__()
        for n in range(layers):
            self.add_module(f"tdnnd{n + 1}", _DenseLayer(inputs + n * GROWTH, kernel, dilation))

    def forward(self, x: Tensor, real: Tensor | None) -> Tensor:
        for layer in self.children():
            x = torch.cat([x, layer(x, real)], 1)
        return x


class _Transit(nn.Module):
    """Half as many channels: a 1x1 convolution behind its normalisation."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.linear = nn.Conv1d(channels, channels // 2, 1, bias=False)
        self.nonlinear = _nonlinear(channels)

    def forward(self, x: Tensor) -> Tensor:
        narrow: Tensor = self.linear(self.nonlinear(x))
        return narrow


class _Dense(nn.Module):
    """(batch, inputs) to (batch, outputs): a 1x1 convolution, then a normalisation alone."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.linear = nn.Conv1d(inputs, outputs, 1, bias=False)
        self.nonlinear = nn.Sequential()
        self.nonlinear.add_module("batchnorm", nn.BatchNorm1d(outputs, affine=False))

    def forward(self, x: Tensor) -> Tensor:
        x = self.linear(x.unsqueeze(-1))
        dense: Tensor = self.nonlinear(x.squeeze(-1))
        return dense


def xvector_layers(inputs: int, dimension: int) -> nn.Sequential:
    """(batch, inputs, frames) to (batch, channels, frames). The layer `dense` follows pooling."""
    layers = nn.Sequential()
    channels = CHANNELS
    layers.add_module("tdnn", _Tdnn(inputs, channels))
    for n, (depth, kernel, dilation) in enumerate(BLOCKS, 1):
        layers.add_module(f"block{n}", DenseBlock(depth, channels, kernel, dilation))
        channels += depth * GROWTH
        layers.add_module(f"transit{n}", _Transit(channels))
        channels //= 2
    layers.add_module("out_nonlinear", _nonlinear(channels))
    layers.add_module("dense", _Dense(2 * channels, dimension))
    return layers
