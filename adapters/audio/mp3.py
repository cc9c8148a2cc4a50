"""Frames of MPEG audio: MP3 and its like. Pure."""

import re

from adapters.audio import framed, heads
from adapters.audio.tags import behind_tags

KNOWN = bytes(third for third in range(0x10, 0xF0) if third >> 2 & 3 != 3)
"""The third bytes that say a rate of bits and one of samples."""
FRAME = re.compile(rb"%b[%b]" % (heads.MP3_FRAME, re.escape(KNOWN)))
HEAD = 4
FULL = 3
"""The version of the full rates; the others have half of them, and a quarter."""
RATES = (44_100, 48_000, 32_000)
KILOBITS = {
    (True, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""By whether the version is the full one, and by the layer."""


def mended(body: bytes) -> bytes:
    """Tags and frames; any other body as it is."""
    return framed.mended(body, behind_tags(body), KIND)


def _length(body: bytes, at: int) -> int:
    """Bytes of the frame at `at`, its head included; 0 when its head says none."""
    if at + HEAD > len(body):
        return 0
    version = body[at + 1] >> 3 & 3
    layer = 4 - (body[at + 1] >> 1 & 3)
    rate_number = body[at + 2] >> 2 & 3
    kilobits = (body[at + 2] >> 4) - 1
    if version == 1 or layer == 4 or rate_number == 3 or not 0 <= kilobits < 14:
        return 0
    bits = 1_000 * KILOBITS[version == FULL, layer][kilobits]
    rate = RATES[rate_number] // {FULL: 1, 2: 2, 0: 4}[version]
    padding = body[at + 2] >> 1 & 1
    if layer == 1:
        return (12 * bits // rate + padding) * 4
    samples = 576 if layer == 3 and version != FULL else 1_152
    return samples // 8 * bits // rate + padding


KIND = framed.Framed(FRAME, HEAD, _length, filler=b"\0")
