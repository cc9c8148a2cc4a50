"""The child that decodes uploads: PyAV alone, no files, no network, bounded memory.

Run as a module, fed by pipes. Request on stdin: 8 bytes length, then the bytes. Answer on stdout:
1 byte status, 8 bytes length, then float32 mono samples at 16 kHz (status 0) or an error word
(status 1). A crash here costs the chunk, never the worker.
"""

import io
import resource
import struct
import sys
from typing import BinaryIO

import av
import numpy as np
from numpy.typing import NDArray

from adapters.media import FORMATS
from schemas.audio import SAMPLE_RATE

MOST_SECONDS = 180
"""A chunk may last 120 s by contract; one that decodes to more than this is a bomb."""
MEMORY_BYTES = 2 << 30
"""Address space of the child."""
FRAME = struct.Struct("<BQ")
"""Head of an answer: status, length."""
LENGTH = struct.Struct("<Q")
"""Head of a request."""

BROKEN = (av.FFmpegError, ValueError, IndexError, MemoryError)
"""Errors of bytes that are no audio: a text file raises IndexError."""


def main() -> None:
    """Answers requests until stdin ends. Blocks."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    av.logging.set_level(av.logging.PANIC)
    source = sys.stdin.buffer
    sink = sys.stdout.buffer
    while head := source.read(LENGTH.size):
        answer(source.read(LENGTH.unpack(head)[0]), sink)


def answer(body: bytes, sink: BinaryIO) -> None:
    """Decodes one upload and writes the answer."""
    status = 1
    try:
        payload = decode(body).tobytes()
        status = 0
    except OverflowError:
        payload = b"audio_too_long"
    except BROKEN:
        payload = b"undecodable_audio"
    sink.write(FRAME.pack(status, len(payload)))
    sink.write(payload)
    sink.flush()


def decode(body: bytes) -> NDArray[np.float32]:
    """Float32 mono samples at 16 kHz, shape (samples,). Half a file gives its half.

    Raises OverflowError for more than MOST_SECONDS, and one of BROKEN when nothing decodes.
    """
    parts: list[NDArray[np.float32]] = []
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
