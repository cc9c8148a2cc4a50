"""Audio files of the kinds that phones, browsers and editors really send, made from any samples.

The recording is a beep of a tenth of a second at the beginning of each second, so that a test can
say where each one is heard.
"""

import io
import struct
from collections.abc import Sequence
from fractions import Fraction

import av
import numpy as np
from av.container import OutputContainer
from numpy.typing import NDArray

from adapters.audio.repeats import Packet
from schemas.audio import SAMPLE_RATE
from tests.odd_stamps import remuxed

Samples = NDArray[np.float32]
SECONDS = 10
BEEP_S = 0.1
LEVEL = 0.3
CLUSTER = b"\x1fC\xb6u"
OGG_HEAD = 27
OGG_POLYNOMIAL = 0x1_04C1_1DB7
PACKET = 480
SECOND = 48_000
"""Samples that an encoder is given at a time: PCM in AVI, QuickTime and VOC has such packets."""


def beeps(rate: int, seconds: int = SECONDS, level: float = LEVEL, tone: int = 440) -> Samples:
    """Faint noise with a beep in each second, shape (samples,)."""
    at = np.arange(rate * seconds)
    sound = level * np.sin(2 * np.pi * tone * at / rate) * (at % rate < BEEP_S * rate)
    room = np.random.default_rng(0).normal(0, 1e-3, len(at))
    return (sound + room).astype(np.float32)


def encoded(
    form: str,
    codec: str,
    channels: Samples,
    rate: int,
    start_s: float = 0.0,
    bit_rate: int = 0,
    **options: str,
) -> bytes:
    """A file of `channels`, shape (channels, samples); its first sample is at `start_s`."""
    layout = {1: "mono", 2: "stereo", 4: "quad", 6: "5.1"}[len(channels)]
    out = io.BytesIO()
    with av.open(out, "w", format=form, options=options) as container:
        stream = container.add_stream(codec, rate=rate, layout=layout)
        assert isinstance(stream, av.AudioStream)
        if bit_rate:
            stream.bit_rate = bit_rate
        _record(container, stream, channels, start_s)
    return out.getvalue()


def opus(channels: Samples, form: str = "webm", start_s: float = 0.0) -> bytes:
    """Opus as browsers record it."""
    return encoded(form, "libopus", channels, 48_000, start_s)


def aac(channels: Samples, form: str = "mp4", start_s: float = 0.0, **options: str) -> bytes:
    """AAC as phones record it."""
    return encoded(form, "aac", channels, 48_000, start_s, 0, **options)


def fragmented(channels: Samples) -> bytes:
    """MP4 as Safari streams it."""
    flags = "frag_keyframe+empty_moov+default_base_moof"
    return aac(channels, movflags=flags, frag_duration="1000000")


def mp3(samples: Samples, rate: int) -> bytes:
    """MP3 of one channel."""
    return encoded("mp3", "libmp3lame", samples[None], rate)


def without(body: bytes, form: str, start_s: float, end_s: float) -> bytes:
    """A recorder that was suspended: no packets of [start_s, end_s); stamps stay."""

    def is_kept(packet: Packet) -> bool:
        assert packet.pts is not None
        return not start_s <= packet.pts * packet.time_base < end_s

    return remuxed(body, form, is_kept)


def preskipped(body: bytes, samples: int) -> bytes:
    """An Ogg Opus file of which a decoder drops so many samples of its beginning."""
    return with_first_page(body, body.index(b"OpusHead") + 10, struct.pack("<H", samples))


def with_first_page(body: bytes, at: int, other: bytes) -> bytes:
    """An Ogg file whose first page has other bytes at a place, and their checksum."""
    size = OGG_HEAD + body[OGG_HEAD - 1] + sum(body[OGG_HEAD : OGG_HEAD + body[OGG_HEAD - 1]])
    page = bytearray(body[:size])
    page[at : at + len(other)] = other
    page[22:26] = bytes(4)
    page[22:26] = struct.pack("<I", _ogg_checksum(page))
    return bytes(page) + body[size:]


def _divided(first: int) -> int:
    """A first byte, in the top eight bits, leaves this behind it."""
    for _ in range(8):
        first = first << 1 ^ (OGG_POLYNOMIAL if first >> 31 else 0)
    return first


DIVIDED = [_divided(byte << 24) for byte in range(256)]


def _ogg_checksum(page: bytes | bytearray) -> int:
    checksum = 0
    for byte in page:
        checksum = (checksum << 8 & 0xFFFFFFFF) ^ DIVIDED[checksum >> 24 ^ byte]
    return checksum


def in_clusters(channels: Samples, order: Sequence[int]) -> bytes:
    """WebM whose clusters of a second come in this order."""
    body = encoded("webm", "libopus", channels, 48_000, live="1", cluster_time_limit="1000")
    head, *clusters = body.split(CLUSTER)
    rest = clusters[SECONDS:]
    return CLUSTER.join([head, *(clusters[number] for number in order), *rest])


def wav(
    samples: Samples,
    said: int | None = None,
    head: bytes = b"",
    tail: bytes = b"",
    channels: int = 1,
) -> bytes:
    """16 bit at 16 kHz. `said`: the size that the header names; `head` stands before it."""
    body = pcm(samples)
    size = len(body) if said is None else said
    form = struct.pack(
        "<IHHIIHH", 16, 1, channels, SAMPLE_RATE, SAMPLE_RATE * 2 * channels, 2 * channels, 16
    )
    rest = b"WAVEfmt " + form + head + b"data" + struct.pack("<I", size) + body + tail
    return b"RIFF" + struct.pack("<I", len(rest)) + rest


def rf64(samples: Samples, said: int | None = None) -> bytes:
    """The same with 64 bit sizes, as broadcast recorders write it."""
    body = pcm(samples)
    size = len(body) if said is None else said
    sizes = b"ds64" + struct.pack("<IQQQI", 28, 72 + len(body), size, len(samples), 0)
    form = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, SAMPLE_RATE, SAMPLE_RATE * 2, 2, 16)
    unknown = struct.pack("<I", 0xFFFFFFFF)
    return b"RF64" + unknown + b"WAVE" + sizes + form + b"data" + unknown + body


def pcm(samples: Samples) -> bytes:
    """16 bit, little-endian."""
    return (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()


def tagged(body: bytes, text: bytes) -> bytes:
    """An MP3 with an ID3 title that claims to be UTF-8."""
    if body.startswith(b"ID3"):
        size = body[6] << 21 | body[7] << 14 | body[8] << 7 | body[9]
        body = body[10 + size :]
    return id3(text) + body


def id3(title: bytes) -> bytes:
    """A tag as taggers write it before files of any kind."""
    frame = b"TIT2" + struct.pack(">I", len(title) + 1) + b"\0\0\x03" + title
    length = bytes((len(frame) >> shift) & 127 for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + length + frame


def tracks(form: str, codec: str, *recorded: Samples) -> bytes:
    """A file with a track for each microphone, at 48 kHz."""
    out = io.BytesIO()
    with av.open(out, "w", format=form) as container:
        streams = [container.add_stream(codec, rate=48_000, layout="mono") for _ in recorded]
        for stream, samples in zip(streams, recorded, strict=True):
            assert isinstance(stream, av.AudioStream)
            _record(container, stream, samples[None])
    return out.getvalue()


def _record(
    container: OutputContainer, stream: av.AudioStream, channels: Samples, start_s: float = 0.0
) -> None:
    """Write sound of shape (channels, samples)."""
    layout = stream.layout.name
    rate = stream.rate
    step = PACKET if container.format.name in ("avi", "mov", "voc") else SECOND
    wanted = stream.codec_context.format or "fltp"
    resampler = av.AudioResampler(format=wanted, layout=layout, rate=rate)
    for first in range(0, channels.shape[1], step):
        part = np.ascontiguousarray(channels[:, first : first + step])
        frame = av.AudioFrame.from_ndarray(part, format="fltp", layout=layout)
        frame.sample_rate = rate
        frame.time_base = Fraction(1, rate)
        frame.pts = first + round(start_s * rate)
        for piece in resampler.resample(frame):
            container.mux(stream.encode(piece))
    for piece in resampler.resample(None):
        container.mux(stream.encode(piece))
    container.mux(stream.encode(None))


def filmed(form: str, video: str, audio: str) -> bytes:
    """A film: its pictures are the first track, its sound is the second one."""
    out = io.BytesIO()
    with av.open(out, "w", format=form) as container:
        pictures = container.add_stream(video, rate=25)
        sound = container.add_stream(audio, rate=48_000, layout="mono")
        assert isinstance(pictures, av.VideoStream)
        assert isinstance(sound, av.AudioStream)
        pictures.width = 64
        pictures.height = 48
        pictures.pix_fmt = "yuv420p"
        for number in range(25 * SECONDS):
            picture = av.VideoFrame.from_ndarray(np.zeros((72, 64), np.uint8), format="yuv420p")
            picture.pts = number
            picture.time_base = Fraction(1, 25)
            container.mux(pictures.encode(picture))
        container.mux(pictures.encode(None))
        _record(container, sound, beeps(48_000)[None])
    return out.getvalue()


def branded(body: bytes, brand: bytes) -> bytes:
    """An MP4 that names this brand."""
    at = body.index(b"ftyp") + 4
    return body[:at] + brand + body[at + 4 :]


def heard_at(samples: Samples) -> list[float]:
    """The seconds at which beeps begin."""
    step = SAMPLE_RATE // 100
    level = np.abs(samples[: len(samples) // step * step]).reshape(-1, step).max(axis=1)
    loud = level > LEVEL / 5
    begins = np.flatnonzero(loud[1:] & ~loud[:-1]) + 1
    first = [0] if loud[0] else []
    return [at / 100 for at in [*first, *begins.tolist()]]
