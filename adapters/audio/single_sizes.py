"""Kinds of files of which one head alone names the size of the sound: it is what is there. Pure."""

import re
import struct

from adapters.audio.junk import without_junk

W64 = b"riff\x2e\x91\xcf\x11"
W64_SOUND = b"data\xf3\xac\xd3\x11\x8c\xd1\x00\xc0\x4f\x8e\xdb\x8a"
W64_CHUNK = re.compile(rb".{4}\xf3\xac\xd3\x11\x8c\xd1\x00\xc0\x4f\x8e\xdb\x8a", re.DOTALL)
W64_SIZE = struct.Struct("<Q")
W64_ALIGNED = 8
W64_WHOLE = slice(16, 24)
"""Where the size of the file stands. FFmpeg refuses one that is too small for its head."""
AU = b".snd"
AU_BEGINS = slice(4, 8)
AU_SIZE = slice(8, 12)
AU_UNKNOWN = b"\xff\xff\xff\xff"


def sized(body: bytes) -> bytes:
    """The file with the size of its sound; any other file as it is."""
    if body.startswith(AU):
        return _au(body)
    if body.startswith(W64):
        return _w64(body)
    return body


def _au(body: bytes) -> bytes:
    begins = int.from_bytes(body[AU_BEGINS], "big")
    end = begins + int.from_bytes(body[AU_SIZE], "big")
    body = without_junk(body, begins, end)
    return body[: AU_SIZE.start] + AU_UNKNOWN + body[AU_SIZE.stop :]


def _w64(body: bytes) -> bytes:
    start = body.find(W64_SOUND)
    size_at = start + len(W64_SOUND)
    if start < 0 or size_at + W64_SIZE.size > len(body):
        return body
    whole = W64_SIZE.pack(len(body))
    body = body[: W64_WHOLE.start] + whole + body[W64_WHOLE.stop :]
    end = start + W64_SIZE.unpack_from(body, size_at)[0]
    end += -end % W64_ALIGNED
    if size_at < end < len(body) and W64_CHUNK.match(body, end):
        return body
    body = without_junk(body, size_at, end)
    size = W64_SIZE.pack(len(body) - start)
    return body[:size_at] + size + body[size_at + W64_SIZE.size :]
