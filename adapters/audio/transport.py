"""MPEG transport streams: packets of one size, each with a sign. Pure."""

import re

from adapters.audio import framed

SIZE = 188


def mended(body: bytes) -> bytes:
    """A stream of packets alone; any other body as it is.

    FFmpeg looks for the next packet from byte to byte: ten seconds for sixteen megabytes of noise.
    """
    return framed.mended(body, 0, KIND)


def _length(_body: bytes, _at: int) -> int:
    return SIZE


KIND = framed.Framed(re.compile(b"G"), SIZE, _length)
