"""Streams of frames with a head each: bytes that stand between them are left out. Pure.

Frames without a time are counted. Where bytes stand in the place of some, others without sound take
it: the sound behind keeps its time.
"""

import re
from collections.abc import Callable, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

from adapters.audio.junk import TEXT
from adapters.audio.tags import ID3

IN_A_ROW = 5
MOST_LOOKS = 30_000
"""Signs of a frame that are looked at where none follows. Noise of 16 MB has 4,400 of MP3."""
MOST_FRAMES = 100_000
"""An upload has fewer. Those behind them stay as they are: to walk through millions takes long."""
MOST_LOST = 250
"""Frames of different lengths in the place of which bytes may be: 5 s. More were put between."""
LOOKED_AT = 64
"""Bytes that are text in a page of a server, which is put between frames."""
STEADY = 2
"""Bytes by which frames of a constant bit rate differ."""


class Framed(NamedTuple):
    """A kind of frames: how one begins, the bytes of its head, and its length by that; 0: none.

    `filler`: a frame of this byte behind its head has no sound; nothing where frames say their
    times. `in_a_row`: so many frames show that a sign is no chance.
    """

    sign: re.Pattern[bytes]
    head: int
    length: Callable[[bytes, int], int]
    filler: bytes = b""
    in_a_row: int = IN_A_ROW


def is_row(body: bytes, at: int, kind: Framed) -> bool:
    """Whether frames follow each other from `at` on, up to the end of the body at most."""
    for number in range(kind.in_a_row):
        if number and at == len(body):
            return True
        length = kind.length(body, at)
        if length < kind.head or not kind.sign.match(body, at):
            return False
        at += length
    return at <= len(body)


def mended(body: bytes, at: int, kind: Framed) -> bytes:
    """A stream whose frames begin at `at`, of frames alone; any other body as it is.

    FFmpeg takes some junk for the head of a long frame, and passes over the frames within. Frames
    that stand for others are no more bytes than the body: each is as long as the one behind it,
    which may be the only long one.
    """
    looks = MOST_LOOKS
    if not is_row(body, at, kind):
        is_begun = at or kind.sign.match(body)
        if not is_begun or _next_row(body, at, looks, kind)[0] == len(body):
            return body
    pieces: list[bytes] = []
    start = 0
    before = at
    spare = len(body)
    sums = [0]
    for _ in range(MOST_FRAMES):
        if at > len(body) - kind.head:
            break
        length = kind.length(body, at)
        if length >= kind.head and kind.sign.match(body, at):
            before = at
            at += length
            sums.append(sums[-1] + length)
            continue
        found, looks = _next_row(body, before + kind.head, looks, kind)
        if found < at:
            # Frames within the last one show that it says too much of itself.
            at = before
            sums.pop()
        pieces.append(body[start:at])
        if kind.filler and found < len(body):
            instead = _stand_ins(body, at, found, sums, kind)
            if len(instead) <= spare:
                pieces.append(instead)
                spare -= len(instead)
        start = at = before = found
    return b"".join([*pieces, body[start:]])


def _next_row(body: bytes, at: int, looks: int, kind: Framed) -> tuple[int, int]:
    """Where frames go on, or the end of the body; and how many looks are left of so many.

    Junk may look like a frame that ends where one begins: those within show that it is none.
    """
    found = until = len(body)
    for sign in islice(kind.sign.finditer(body, at), looks):
        if sign.start() >= until:
            break
        looks -= 1
        if is_row(body, sign.start(), kind):
            found = sign.start()
            until = found + kind.length(body, found)
    return found, looks


def _stand_ins(body: bytes, at: int, found: int, sums: Sequence[int], kind: Framed) -> bytes:
    """Frames without sound for those that were in front of the one at `found`.

    `sums` are the bytes of no frame, of the first one, of the first two, and so on up to `at`:
    those of a constant rate say how many frames it were. The first frame is no measure, as it may
    have a title alone. A tag is put between frames.
    """
    before = len(sums) - 1
    if before < kind.in_a_row or ID3.match(body, at):
        return b""
    damaged = found - at
    length = (sums[-1] - sums[1]) / (before - 1)
    lost = round(damaged / length)
    lengths = [after - begun for begun, after in pairwise(sums[-kind.in_a_row - 1 :])]
    near = [*lengths, kind.length(body, found)]
    if max(near) - min(near) <= STEADY:
        is_lost = lost <= before and abs(damaged - lost * length) <= STEADY
    else:
        is_lost = lost <= MOST_LOST and not TEXT.fullmatch(body, at, min(at + LOOKED_AT, found))
    frame = body[found : found + kind.head] + kind.filler * (near[-1] - kind.head)
    return frame * lost if is_lost else b""
