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
    if not is_row(body, at, kind):
        is_begun = at or kind.sign.match(body)
        if not is_begun or _next_row(body, at, MOST_LOOKS, kind)[0] == len(body):
            return body
    return _Walk(body, at, kind).mended()


class _Walk:
    """From frame to frame of a stream. It keeps the pieces that are frames, in their order.

    `_sums`: the bytes of no frame, of the first one, of the first two, and so on.
    """

    def __init__(self, body: bytes, at: int, kind: Framed) -> None:
        self._body = body
        self._kind = kind
        self._at = at
        self._before = at
        self._start = 0
        self._looks = MOST_LOOKS
        self._spare = len(body)
        self._sums = [0]
        self._pieces: list[bytes] = []

    def mended(self) -> bytes:
        """The stream of frames alone."""
        for _ in range(MOST_FRAMES):
            if self._at > len(self._body) - self._kind.head:
                break
            if not self._is_past_a_frame():
                self._leave_out()
        return b"".join([*self._pieces, self._body[self._start :]])

    def _is_past_a_frame(self) -> bool:
        """Goes to the end of the frame that begins here; False where none does."""
        length = self._kind.length(self._body, self._at)
        if length < self._kind.head or not self._kind.sign.match(self._body, self._at):
            return False
        self._before = self._at
        self._at += length
        self._sums.append(self._sums[-1] + length)
        return True

    def _leave_out(self) -> None:
        """Goes on where frames do."""
        behind = self._before + self._kind.head
        found, self._looks = _next_row(self._body, behind, self._looks, self._kind)
        if found < self._at:
            # Frames within the last one show that it says too much of itself.
            self._at = self._before
            self._sums.pop()
        self._pieces.append(self._body[self._start : self._at])
        self._stand_in(found)
        self._start = self._at = self._before = found

    def _stand_in(self, found: int) -> None:
        """Keeps frames without sound in the place of those that were here."""
        if not self._kind.filler or found == len(self._body):
            return
        instead = _stand_ins(self._body, self._at, found, self._sums, self._kind)
        if len(instead) <= self._spare:
            self._pieces.append(instead)
            self._spare -= len(instead)


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
