"""RIFX, WAV files that are big-endian: FFmpeg takes their samples for little-endian. Pure.

AU files hold the same samples in the same order, and FFmpeg reads them as they are.
"""

import struct

from adapters.audio.chunked import RIFX, chunks

NAME_BYTES = 4
FORMAT = struct.Struct(">HHIIHH")
"""Kind of samples, channels, rate, bytes a second, bytes of a sample of all channels, its bits."""
EXTENSIBLE = 0xFFFE
KIND = slice(24, 28)
"""Where the kind of samples stands in an extensible format."""
AU_HEAD = struct.Struct(">4sIIIII")
UNKNOWN = 0xFFFFFFFF
ENCODINGS = {(1, 16): 3, (1, 24): 4, (1, 32): 5, (3, 32): 6, (3, 64): 7}
"""Those of AU by kind and bits. Samples of a byte have no order."""


def as_au(body: bytes) -> bytes:
    """A RIFX file as an AU file; any other file as it is."""
    if not RIFX.begins.match(body):
        return body
    head = b""
    for at, _ in chunks(body, RIFX.first, len(body), RIFX):
        size_at = at + NAME_BYTES
        name = body[at:size_at]
        [size] = RIFX.size.unpack_from(body, size_at)
        start = size_at + RIFX.size.size
        content = body[start : start + size]
        if name == b"fmt ":
            head = _head(content)
        if name == RIFX.sound:
            return head + content if head else body
    return body


def _head(found: bytes) -> bytes:
    """The head of an AU file for samples of this format; nothing when it has no such samples."""
    if len(found) < FORMAT.size:
        return b""
    kind, channels, rate, _, _, bits = FORMAT.unpack_from(found)
    if kind == EXTENSIBLE:
        kind = int.from_bytes(found[KIND], "big")
    encoding = ENCODINGS.get((kind, bits))
    if encoding is None:
        return b""
    return AU_HEAD.pack(b".snd", AU_HEAD.size, UNKNOWN, encoding, rate, channels)
