"""Recordings as phones and browsers send them, decoded by the product's own decoder."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from adapters.audio.decoding import decode
from adapters.media import Pcm
from consumers.audio.decoder import Samples
from consumers.audio.placement import Placed, lay
from deploy.benchmark.in_process import PCM_FULL, pcm
from schemas.audio import SAMPLE_RATE, whole_ms

CHUNK_S = 30
NOISE_DB = 10.0


@dataclass(frozen=True)
class Format:
    """A container, a codec and its options. `spoil` changes the sound first, as a room does."""

    container: str
    codec: str
    rate: int
    bit_rate: int = 0
    layout: str = "mono"
    options: dict[str, str] = field(default_factory=dict)
    spoil: Callable[[Pcm], Pcm] = lambda samples: samples


def noisy(samples: Pcm) -> Pcm:
    """With pink noise, 10 dB under the mean power of the recording."""
    pink = _pink(len(samples))
    level = np.sqrt(np.mean(pink**2))
    power = np.mean(samples.astype(np.float64) ** 2)
    wanted_level = np.sqrt(power / 10 ** (NOISE_DB / 10))
    mixed = samples + pink * wanted_level / level
    clipped = np.clip(mixed, -PCM_FULL, PCM_FULL)
    found: Pcm = clipped.astype(np.int16)
    return found


def _pink(length: int) -> NDArray[np.float64]:
    """Noise with as much power in each octave, the same every time."""
    white = np.random.default_rng(10).standard_normal(length)
    spectrum = np.fft.rfft(white)
    fall = np.sqrt(np.maximum(1, np.arange(len(spectrum))))
    pink: NDArray[np.float64] = np.fft.irfft(spectrum / fall, length)
    return pink


FORMATS = {
    "flac": Format("flac", "flac", SAMPLE_RATE),
    "m4a (AAC 64 kbit/s)": Format("mp4", "aac", 44_100, 64_000),
    "fragmented mp4 (AAC)": Format(
        "mp4",
        "aac",
        44_100,
        64_000,
        options={"movflags": "frag_keyframe+empty_moov+default_base_moof"},
    ),
    "WebM (Opus 32 kbit/s)": Format("webm", "libopus", 48_000, 32_000),
    "Ogg (Opus 24 kbit/s)": Format("ogg", "libopus", 48_000, 24_000),
    "3gp (AMR-NB 12.2 kbit/s, 8 kHz)": Format("3gp", "libopencore_amrnb", 8_000, 12_200),
    "wav, 8 kHz": Format("wav", "pcm_s16le", 8_000),
    "m4a, stereo": Format("mp4", "aac", 44_100, 128_000, layout="stereo"),
    "flac, noise at 10 dB": Format("flac", "flac", SAMPLE_RATE, spoil=noisy),
}
"""The first is what the others are compared with."""


def sent(path: Path, name: str) -> Samples:
    """Return a recording after it was cut into 30 s chunks of a format and decoded again.

    Chunks are laid on the timeline by their declared starts.
    """
    form = FORMATS[name]
    spoiled = form.spoil(pcm(path))
    total_ms = whole_ms(len(spoiled))
    return lay(list(_chunks(spoiled, form)), 0, total_ms)[0]


def _chunks(samples: Pcm, form: Format) -> Iterator[Placed]:
    size = CHUNK_S * SAMPLE_RATE
    for seq, start in enumerate(range(0, len(samples), size)):
        part = samples[start : start + size]
        part_ms = whole_ms(len(part))
        decoded = decode(encoded(part, form))
        heard, missing = decoded.placed(part_ms)
        yield Placed(seq, whole_ms(start), part_ms, heard, missing)


def _resampler(form: Format, stream: av.AudioStream) -> av.AudioResampler:
    return av.AudioResampler(
        format=stream.format.name,
        layout=form.layout,
        rate=form.rate,
        frame_size=stream.frame_size,
    )


def encoded(samples: Pcm, form: Format) -> bytes:
    """A whole file of the format that holds `samples` (16 kHz mono)."""
    out = io.BytesIO()
    with av.open(out, "w", format=form.container, options=form.options) as container:
        stream = container.add_stream(form.codec, rate=form.rate, layout=form.layout)
        assert isinstance(stream, av.AudioStream)
        if form.bit_rate:
            stream.bit_rate = form.bit_rate
        resampler = _resampler(form, stream)
        frame = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        position = 0
        for given in (frame, None):
            for piece in resampler.resample(given):
                # The resampler rounds its own timestamps, and a container refuses two packets
                # that begin together.
                piece.pts = position
                piece.time_base = Fraction(1, form.rate)
                position += piece.samples
                container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return out.getvalue()
