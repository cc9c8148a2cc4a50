"""Frames of AAC in LATM, some of which say how the sound is encoded. Pure."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice

from adapters.audio.framed import MOST_FRAMES, is_row
from adapters.audio.framed_kinds import LATM_KIND

CONFIGURED = 24
"""Bytes at the beginning of a frame, up to the sample rate that it may name."""
CONFIG = slice(3, 8)
"""The bytes of a frame that say how the sound is encoded, in the shortest way."""
AS_BEFORE = 0x80
"""The bit of a frame that says that it is encoded as the one before."""
NEIGHBOURS = 3
MOST_CONFIGS = 10_000
"""An upload has 3,000 at most."""
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


def mended(body: bytes) -> bytes:
    """A stream without a frame that alone says another encoding; any other body as it is.

    It is damaged. FFmpeg decodes nothing up to the next one that says it, and the sound behind came
    too early.
    """
    if not LATM_KIND.sign.match(body):
        return body
    places = list(islice(_configured(body), MOST_CONFIGS))
    said = [body[at + CONFIG.start : at + CONFIG.stop] for at in places]
    patched = bytearray(body)
    for number, at in enumerate(places):
        first = min(max(0, number - 1), max(0, len(places) - NEIGHBOURS))
        [(usual, times)] = Counter(said[first : first + NEIGHBOURS]).most_common(1)
        if times > 1 and said[number] != usual:
            patched[at + CONFIG.start : at + CONFIG.stop] = usual
    return bytes(patched)


def _configured(body: bytes) -> Iterator[int]:
    """Where frames begin that say how they are encoded."""
    at = 0
    while at <= len(body) - LATM_KIND.head and LATM_KIND.sign.match(body, at):
        if body[at + LATM_KIND.head : at + CONFIG.stop] and not body[at + 3] & AS_BEFORE:
            yield at
        at += LATM_KIND.length(body, at)


def streams(body: bytes) -> Iterator[int]:
    """Where frames of another sample rate begin than before.

    FFmpeg's decoder goes on with a lower rate, and not with a higher one: the sound is slower then.
    """
    yield 0
    at = 0
    rate = _rate(body)
    for _ in range(MOST_FRAMES):
        if at > len(body) - LATM_KIND.head:
            break
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
