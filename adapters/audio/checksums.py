"""CRC-32 that counts the highest bit of each byte first, as Ogg and MPEG have it. Pure.

zlib counts from the lowest one on.
"""

from zlib import crc32

ONES = 0xFFFFFFFF
TURNED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
"""Each byte with its bits in the other order."""


def register(body: bytes, first: int) -> int:
    """The register behind the bytes, with its bits in the other order.

    `first` was in it in front of them: 0 in Ogg, ONES in MPEG.
    """
    return crc32(body.translate(TURNED), first ^ ONES) ^ ONES
