"""FLAC whose head names wrong sizes: FFmpeg finds no frame then. Pure."""

import re
from itertools import islice

SIGN = b"fLaC"
FORM_END = 42
"""Behind the sign, and the first block, which says how the sound is encoded."""
LAST = 0x80
BLOCK_HEAD = 4
MOST_BLOCKS = 1_000
FRAME = re.compile(rb"\xff[\xf8\xf9][\x10-\xff][\0-\xaf]")
MOST_LOOKS = 10_000
SIZE_BYTES = {6: 1, 7: 2}
RATE_BYTES = {12: 1, 13: 2, 14: 2}
"""Bytes behind the number of a frame, by what its third byte says of its size and rate."""
MOST_HEAD = 16
POLYNOMIAL = 0x107
"""Of the checksum, which is of eight bits."""


def mended(file: bytes) -> bytes:
    """The file with its first block alone in front of its frames, where others are damaged."""
    if not file.startswith(SIGN) or len(file) < FORM_END or _is_frame(file, _behind_blocks(file)):
        return file
    signs = islice(FRAME.finditer(file, FORM_END), MOST_LOOKS)
    first = next((sign.start() for sign in signs if _is_frame(file, sign.start())), 0)
    if not first:
        return file
    return SIGN + bytes([LAST]) + file[len(SIGN) + 1 : FORM_END] + file[first:]


def _behind_blocks(file: bytes) -> int:
    """Where the blocks end by their own words."""
    at = len(SIGN)
    for _ in range(MOST_BLOCKS):
        head = file[at : at + BLOCK_HEAD]
        at += BLOCK_HEAD + int.from_bytes(head[1:], "big")
        if not head or head[0] & LAST:
            break
    return at


def _is_frame(file: bytes, at: int) -> bool:
    """Whether the head of a frame is there, with its checksum behind it (RFC 9639, section 9.1)."""
    if not FRAME.match(file, at) or at + MOST_HEAD > len(file):
        return False
    size, rate = divmod(file[at + 2], 16)
    ones = 8 - (~file[at + 4] & 0xFF).bit_length()
    length = 4 + max(1, ones) + SIZE_BYTES.get(size, 0) + RATE_BYTES.get(rate, 0)
    checksum = 0
    for byte in file[at : at + length]:
        checksum ^= byte
        for _ in range(8):
            checksum = (checksum << 1) ^ (POLYNOMIAL if checksum & 0x80 else 0)
    return checksum == file[at + length]
