"""Bytes behind the sound of a file whose head names its size: more sound, or none at all. Pure.

A recorder that died left a size that is too small, so bytes behind are heard as a rule. Samples of
sound are not spread over all numbers, as those of noise are, nor are they text.
"""

import re

import numpy as np

TEXT = re.compile(rb"[\t\n\r\x20-\x7e]*")
FEWEST = 8_192
"""Bytes that say how they are spread."""
MOST = 1 << 20
"""Bytes that are looked at."""
EVEN = 0.06
"""Noise, and bytes that are packed or encrypted, are spread more evenly. Speech of 16 bits has 10,
music at full scale 0.3, sound of 24 bits that is clipped 0.1."""


def without_junk(body: bytes, begins: int, end: int) -> bytes:
    """A file whose sound is in [begins, end) by its head, without bytes behind that are junk."""
    if begins < end < len(body) and is_junk(body[begins:end], body[end:]):
        return body[:end]
    return body


def is_junk(sound: bytes, behind: bytes) -> bool:
    """Whether bytes behind a sound are none."""
    if len(sound) < FEWEST:
        return False
    if behind.count(behind[:1]) == len(behind):
        return True
    if TEXT.fullmatch(behind):
        return not TEXT.fullmatch(sound[:FEWEST])
    if len(behind) < FEWEST:
        return False
    return _unevenness(behind[:MOST]) < EVEN <= _unevenness(sound[-MOST:])


def _unevenness(found: bytes) -> float:
    """0 where all numbers are equally frequent, 255 where there is one only."""
    counts = np.bincount(np.frombuffer(found, np.uint8), minlength=256)
    shares = counts / len(found)
    return float(256 * shares @ shares - 1)
