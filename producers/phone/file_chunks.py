"""A recording as the chunks of a phone: FLAC of 16 kHz mono, cut by time."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from adapters import media
from adapters.audio.joined import opened_file
from adapters.audio.places import Tracks
from adapters.audio.sound import parts
from adapters.media import Pcm, pcm
from schemas.audio import SAMPLE_RATE, whole_ms
from schemas.limits import CHUNK_DURATION_MS, SESSION_MS

CHUNK_S = 30
PART_S = 10
UPLOADS = SESSION_MS.most // CHUNK_DURATION_MS.most
"""In the longest session."""


@dataclass(frozen=True)
class Chunk:
    """`start_ms` and `duration_ms` on the recording's timeline; `content` is a whole FLAC file."""

    seq: int
    start_ms: int
    duration_ms: int
    content: bytes


def cut(path: Path, chunk_s: float = CHUNK_S) -> Iterator[Chunk]:
    """Chunks of the recording `path`, decoded on the way: one chunk is in memory at a time.

    Lossless for 16-bit mono at 16 kHz. Raises OSError or ValueError for another kind of file.
    """
    size = int(chunk_s * SAMPLE_RATE)
    rest = np.zeros(0, dtype=np.int16)
    seq = 0
    for samples in _decode(path):
        rest = np.concatenate([rest, samples])
        while len(rest) >= size:
            yield _chunk(seq, size, rest[:size])
            rest = rest[size:]
            seq += 1
    if len(rest):
        yield _chunk(seq, size, rest)
    elif not seq:
        raise ValueError("there is no sound in it")


def _decode(path: Path) -> Iterator[Pcm]:
    """The sound, with zeros where nothing was recorded; each array has shape (samples,).

    Sound that comes later than what follows it is left out: that was cut already. Of several
    tracks, the first one with sound is taken: they are not in memory together.
    """
    tracks = Tracks()
    first: int | None = None
    for stamp, samples, file, track in parts(opened_file(path), PART_S, UPLOADS):
        first = track if first is None else first
        if track != first:
            continue
        places = tracks.of_file(file, track)
        before = places.end
        at = places.place(stamp, len(samples))
        if at >= before:
            yield np.zeros(at - before, np.int16)
            yield pcm(samples)


def _chunk(seq: int, size: int, pcm: Pcm) -> Chunk:
    """Number `seq` of chunks of `size` samples; the last one may be shorter."""
    duration_ms = whole_ms(len(pcm))
    return Chunk(
        seq=seq,
        start_ms=seq * size * 1000 // SAMPLE_RATE,
        duration_ms=duration_ms,
        content=media.encode_flac(pcm),
    )
