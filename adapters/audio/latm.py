"""Frames of AAC in LATM, some of which say how the sound is encoded. Pure."""

from collections.abc import Iterator

from adapters.audio.framed import is_row
from adapters.audio.framed_kinds import LATM_KIND

CONFIGURED = 24
"""Bytes at the beginning of a frame, up to the sample rate that it may name."""
EXPLICIT_RATE = 15
EXPLICIT_TYPE = 31


class _Bits:
    """Bytes read bit by bit; zeros are behind their end."""

    def __init__(self, content: bytes) -> None:
        self._number = int.from_bytes(content.ljust(CONFIGURED, b"\0"), "big")
        self._left = 8 * CONFIGURED

    def take(self, bits: int) -> int:
        self._left -= bits
        return self._number >> self._left & (1 << bits) - 1

    def value(self) -> int:
        """A number in as many bytes as two bits before it say (LatmGetValue)."""
        return self.take(8 * (self.take(2) + 1))


def streams(body: bytes) -> Iterator[int]:
    """Where frames of another sample rate begin than before.

    FFmpeg's decoder goes on with a lower rate, and not with a higher one: the sound is slower then.
    """
    yield 0
    at = 0
    rate = _rate(body)
    while at <= len(body) - LATM_KIND.head:
        if not LATM_KIND.sign.match(body, at):
            found = LATM_KIND.sign.search(body, at + 1)
            at = found.start() if found else len(body)
            continue
        named = _rate(body[at : at + CONFIGURED])
        if named not in (0, rate) and is_row(body, at, LATM_KIND):
            if rate:
                yield at
            rate = named
        at += LATM_KIND.length(body, at)


def _rate(frame: bytes) -> int:
    """The number of the sample rate that a frame names, and one; 0 when it names none.

    ISO/IEC 14496-3, tables 1.42 and 1.15.
    """
    bits = _Bits(frame[LATM_KIND.head : CONFIGURED])
    if bits.take(1):
        return 0  # as before
    is_newer = bits.take(1)
    if is_newer and bits.take(1):
        return 0
    if is_newer:
        bits.value()
    bits.take(14)
    if is_newer:
        bits.value()
    if bits.take(5) == EXPLICIT_TYPE:
        bits.take(6)
    rate = bits.take(4)
    return 1 + (EXPLICIT_RATE + bits.take(24) if rate == EXPLICIT_RATE else rate)
