"""True Audio: its head says how long each frame is, and each frame ends with its checksum. Pure.

FFmpeg reads frames at the places that follow from the head. Bytes that were put between them, or
lost, took all frames behind along.
"""

import re
import struct
from collections.abc import Sequence
from zlib import crc32

from adapters.audio import heads

FILE = re.compile(heads.TTA)
HEAD = struct.Struct("<4sHHHIII")
"""Sign, format, channels, bits, rate, samples, checksum."""
TAG = re.compile(rb"APETAGEX|TAG.{125}\Z", re.DOTALL)
"""Behind the last frame."""
SIZE = struct.Struct("<I")
"""That of a frame; a checksum is as long."""


def mended(body: bytes) -> bytes:
    """A file with its frames where its head says; any other file as it is.

    As many bytes too many, or too few, are between what is found at its place and what is behind. A
    frame in which they are has another checksum, and is left out in its place. Zeros are in the
    place of bytes that were lost. A file that lost more than it has stays as it is.
    """
    sizes = _sizes(body)
    if not sizes:
        return body
    first = HEAD.size + SIZE.size * (len(sizes) + 1)
    tag = TAG.search(body, first)
    end = tag.start() if tag else len(body)
    moved = end - first - sum(sizes)
    if -moved > len(body):
        return body
    at = first
    for size in sizes:
        if not _is_whole(body, at, size) and _is_whole(body, at + moved, size):
            return body[:at].ljust(at, b"\0") + body[at + moved :]
        at += size
    return body


def _sizes(body: bytes) -> Sequence[int]:
    """The bytes of each frame; none of another kind of file, or of one without its whole head."""
    if len(body) < HEAD.size or not FILE.match(body):
        return ()
    _, _, _, _, rate, samples, _ = HEAD.unpack_from(body)
    in_frame = rate * 256 // 245
    count = -(-samples // in_frame) if in_frame else 0
    if HEAD.size + SIZE.size * count > len(body):
        return ()
    return struct.unpack_from(f"<{count}I", body, HEAD.size)


def _is_whole(body: bytes, at: int, size: int) -> bool:
    """Whether a frame of so many bytes is at this place."""
    end = at + size - SIZE.size
    if at < 0 or end < at or end + SIZE.size > len(body):
        return False
    return crc32(memoryview(body)[at:end]) == int.from_bytes(body[end : end + SIZE.size], "little")
