"""A file as a phone would have recorded it: FLAC chunks of 16 kHz mono, cut by time, lossless for such input."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from adapters import media
from adapters.media import FORMATS, Pcm
from schemas.audio import SAMPLE_RATE

CHUNK_S = 30
OPENS = {"format_whitelist": FORMATS, "protocol_whitelist": "file"}


@dataclass(frozen=True)
class Chunk:
    """`start_ms` and `duration_ms` on the recording's timeline; `content` is a whole FLAC file."""

    seq: int
    start_ms: int
    duration_ms: int
    content: bytes


def cut(path: Path, chunk_s: float = CHUNK_S) -> Iterator[Chunk]:
    """Decode `path` as it goes; memory stays one chunk. Raises OSError or ValueError when it is not a recording."""
    size = int(chunk_s * SAMPLE_RATE)
    held = np.zeros(0, dtype=np.int16)
    seq = 0
    with av.open(str(path), mode="r", container_options=OPENS) as container:
        if not container.streams.audio:
            raise ValueError("there is no sound in it")
        resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
        for frame in _frames(container, resampler):
            held = np.concatenate([held, frame])
            while len(held) >= size:
                yield _chunk(seq, size, held[:size])
                held, seq = held[size:], seq + 1
    if len(held):
        yield _chunk(seq, size, held)


def _frames(
    container: "av.container.InputContainer", resampler: "av.AudioResampler"
) -> Iterator[Pcm]:
    for frame in container.decode(container.streams.audio[0]):
        for piece in resampler.resample(frame):
            yield piece.to_ndarray()[0]
    for piece in resampler.resample(None):
        yield piece.to_ndarray()[0]


def _chunk(seq: int, size: int, pcm: Pcm) -> Chunk:
    return Chunk(
        seq,
        seq * size * 1000 // SAMPLE_RATE,
        -(-len(pcm) * 1000 // SAMPLE_RATE),
        media.encode_flac(pcm, SAMPLE_RATE),
    )
