"""The child that opens uploads: PyAV alone, no files, no network, bounded memory. Run as a module, fed by pipes.

Request on stdin: 8 bytes length, then the bytes. Answer on stdout: 1 byte status, 8 bytes length, then float32 mono
samples at 16 kHz (status 0) or an error word (status 1). A crash here costs the chunk, never the worker.
"""

import io
import resource
import struct
import sys
from typing import Any, BinaryIO

import av
import numpy as np

from adapters.media import FORMATS
from schemas.audio import SAMPLE_RATE

MOST_SECONDS = 180
"""A chunk may last 120 s by contract; what decodes to more is a decompression bomb."""
MEMORY_BYTES = 2 << 30
FRAME = struct.Struct("<BQ")
LENGTH = struct.Struct("<Q")


def main() -> None:
    """Answer requests until stdin ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    av.logging.set_level(av.logging.PANIC)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while head := source.read(LENGTH.size):
        answer(source.read(LENGTH.unpack(head)[0]), sink)


def answer(body: bytes, sink: BinaryIO) -> None:
    """Decode one upload and write the answer."""
    try:
        status, payload = 0, decode(body).tobytes()
    except OverflowError:
        status, payload = 1, b"audio_too_long"
    except (
        av.FFmpegError,
        ValueError,
        IndexError,
        MemoryError,
    ):  # a text file raises IndexError, not an av error
        status, payload = 1, b"undecodable_audio"
    sink.write(FRAME.pack(status, len(payload)))
    sink.write(payload)
    sink.flush()


def decode(body: bytes) -> "np.ndarray[Any, np.dtype[np.float32]]":
    """Float32 mono samples at 16 kHz. What decodes before the bytes end is kept: half a file gives its half."""
    parts: list[Any] = []
    count = 0
    options = {"format_whitelist": FORMATS, "protocol_whitelist": "pipe"}
    with av.open(
        io.BytesIO(body), mode="r", metadata_errors="ignore", container_options=options
    ) as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
        try:
            for frame in container.decode(container.streams.audio[0]):
                for piece in resampler.resample(frame):
                    parts.append(piece.to_ndarray()[0])
                    count += piece.samples
                if count > MOST_SECONDS * SAMPLE_RATE:
                    raise OverflowError
        except av.FFmpegError:
            if not parts:
                raise
        parts.extend(piece.to_ndarray()[0] for piece in resampler.resample(None))
    return np.concatenate(parts).astype(np.float32, copy=False)


if __name__ == "__main__":
    main()
