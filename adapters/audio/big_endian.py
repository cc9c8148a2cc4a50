"""RIFX, WAV files that are big-endian: FFmpeg takes their samples for little-endian. Pure.

AU files hold the same samples in the same order, and FFmpeg reads them as they are.
"""

import re
import struct

RIFX = re.compile(rb"RIFX....WAVE", re.DOTALL)
FIRST = 12
HEAD = struct.Struct(">4sI")
FORMAT = struct.Struct(">HHIIHH")
"""Kind of samples, channels, rate, bytes a second, bytes of a sample of all channels, its bits."""
EXTENSIBLE = 0xFFFE
KIND = slice(24, 28)
"""Where the kind of samples stands in an extensible format."""
AU = struct.Struct(">4sIIIII")
UNKNOWN = 0xFFFFFFFF
ENCODINGS = {(1, 16): 3, (1, 24): 4, (1, 32): 5, (3, 32): 6, (3, 64): 7}
"""Those of AU by kind and bits. Samples of a byte have no order."""


def as_au(body: bytes) -> bytes:
    """A RIFX file as an AU file; any other file as it is."""
    if not RIFX.match(body):
        return body
    head = b""
    at = FIRST
    while at + HEAD.size <= len(body):
        name, size = HEAD.unpack_from(body, at)
        content = body[at + HEAD.size : at + HEAD.size + size]
        if name == b"fmt ":
            head = _head(content)
        if name == b"data":
            return head + content if head else body
        at += HEAD.size + size + size % 2
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
    return AU.pack(b".snd", AU.size, UNKNOWN, encoding, rate, channels)
