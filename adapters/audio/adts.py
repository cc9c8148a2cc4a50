"""Frames of AAC with a head each (ADTS): a stream of them has no head of its own. Pure."""

import re
from collections.abc import Iterator
from itertools import islice

from adapters.audio import framed

FRAME = re.compile(rb"\xff[\xf0\xf1\xf8\xf9]")
HEAD = 7
RATE = 0b111100
"""Bits of the third byte that say the sample rate."""
RATES = 13
THIRDS = bytes(0x40 | rate << 2 for rate in range(RATES))
"""The profile LC and a known rate."""
FIRST = re.compile(b"..[%b]" % re.escape(THIRDS), re.DOTALL)
SIGNS = tuple(sync + bytes([third]) for sync in (b"\xff\xf1", b"\xff\xf9") for third in THIRDS)
"""Two bytes alone would be found too often."""
MOST_LOOKS = 8
"""Signs of a frame within a damaged one. Sound has one in 16 KiB by chance."""


def begins(body: bytes, at: int) -> bool:
    """Whether a frame of LC is at `at`, and some others follow it."""
    return bool(FIRST.match(body, at)) and framed.is_row(body, at, KIND)


def mended(body: bytes) -> bytes:
    """A stream of frames alone; any other body as it is."""
    return framed.mended(body, 0, KIND)


def streams(body: bytes) -> Iterator[int]:
    """Where frames of another rate begin than before, and where they do within a damaged one.

    FFmpeg counts the frames, and takes all of them to be as long as the first one. One whose head
    says too many bytes counts as one frame, and takes along those that begin within it.
    """
    at = 0
    rate = -1
    for _ in range(framed.MOST_FRAMES):
        if at > len(body) - HEAD:
            break
        length = _length(body, at)
        if not FRAME.match(body, at) or length < HEAD:
            found = FRAME.search(body, at + 1)
            at = found.start() if found else len(body)
            continue
        rate_before = rate
        rate = body[at + 2] & RATE
        if rate != rate_before:
            yield at
        end = at + length
        within = _frame_within(body, at + HEAD, end)
        if within:
            yield within
            rate = body[within + 2] & RATE
        at = within or end


def _frame_within(body: bytes, first: int, end: int) -> int:
    """Where frames begin before `end`, although none begins there; 0 where none do."""
    if FRAME.match(body, end):
        return 0
    found = islice(FRAME.finditer(body, first, end), MOST_LOOKS)
    return next((at for frame in found if begins(body, at := frame.start())), 0)


def _length(body: bytes, at: int) -> int:
    """Bytes of the frame at `at`, its head included: 13 bits over three bytes."""
    three_bytes = int.from_bytes(body[at + 3 : at + 6], "big")
    return (three_bytes >> 5) & 0x1FFF


KIND = framed.Framed(FRAME, HEAD, _length, filler=b"\xff")
