"""Streams of frames with a head each: bytes that stand between them are left out. Pure."""

import re
from collections.abc import Callable
from itertools import islice
from typing import NamedTuple

IN_A_ROW = 5
MOST_LOOKS = 30_000
"""Signs of a frame that are looked at where none follows. Noise of 16 MB has 4,400 of MP3."""


class Framed(NamedTuple):
    """A kind of frames: how one begins, the bytes of its head, and its length by that; 0: none."""

    sign: re.Pattern[bytes]
    head: int
    length: Callable[[bytes, int], int]


def is_row(body: bytes, at: int, kind: Framed) -> bool:
    """Whether frames follow each other from `at` on, up to the end of the body at most."""
    for _ in range(IN_A_ROW):
        length = kind.length(body, at)
        if length < kind.head or not kind.sign.match(body, at):
            return False
        at += length
    return at <= len(body)


def mended(body: bytes, at: int, kind: Framed) -> bytes:
    """A stream whose frames begin at `at`, of frames alone; any other body as it is.

    FFmpeg takes some junk for the head of a long frame, and passes over the frames within.
    """
    if not is_row(body, at, kind):
        return body
    pieces: list[bytes] = []
    looks = MOST_LOOKS
    start = 0
    before = at
    while at <= len(body) - kind.head:
        length = kind.length(body, at)
        if length >= kind.head and kind.sign.match(body, at):
            before = at
            at += length
            continue
        found, looks = _next_row(body, before + kind.head, looks, kind)
        # Frames within the last one show that it says too much of itself.
        pieces.append(body[start : at if found >= at else before])
        start = at = before = found
    return b"".join([*pieces, body[start:]])


def _next_row(body: bytes, at: int, looks: int, kind: Framed) -> tuple[int, int]:
    """Where frames go on, or the end of the body; and how many looks are left of so many."""
    for sign in islice(kind.sign.finditer(body, at), looks):
        looks -= 1
        if is_row(body, sign.start(), kind):
            return sign.start(), looks
    return len(body), looks
