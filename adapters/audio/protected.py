"""Files whose sound is encrypted: their heads say so. Pure.

Nobody can hear them without a key, and FFmpeg decodes packets of Opus among them to noise.
"""

import re

from adapters.audio import heads
from adapters.audio.boxes import Box, boxes, inside, tracks

ENTRIES = frozenset((b"enca", b"drms", b"aavd", b"adrm"))
"""Names of sound in an MP4 that is protected: by common encryption, in a shop, in an audio book."""
STSD_HEAD = 8
"""Bytes in front of the entries of the box stsd."""
DRM_BRAND = b"odcf"
"""Of files that a phone keeps for itself."""
MATROSKA = re.compile(heads.MATROSKA, re.DOTALL)
CLUSTER = b"\x1fC\xb6u"
ENCODED = re.compile(rb"\x6d\x80.{1,8}\x62\x40.{1,64}?\x50\x35", re.DOTALL)
"""The encodings of a track, one of which is an encryption."""
ASF = re.compile(heads.ASF)
ASF_SIZE = slice(16, 24)
ASF_ENCRYPTIONS = (
    bytes.fromhex("fbb3112223bdd211b4b700a0c955fc6e"),
    bytes.fromhex("14e68a292226174cb935dae07ee9289c"),
)
"""Content Encryption Object and Extended Content Encryption Object."""
TRANSPORT = re.compile(rb"(?:G.{187}){3}G", re.DOTALL)
TRANSPORT_PACKET = 188
SCRAMBLED = 0x80
"""The bit that says that a packet is scrambled, with the one behind it or without."""


def is_protected(file: bytes) -> bool:
    """Whether the head of a file says that its sound is encrypted."""
    if file[4:8] == heads.MP4:
        return file[8:12] == DRM_BRAND or any(_is_protected(file, track) for track in tracks(file))
    if MATROSKA.match(file):
        return ENCODED.search(file, 0, max(0, file.find(CLUSTER))) is not None
    if ASF.match(file):
        head = file[: int.from_bytes(file[ASF_SIZE], "little")]
        return any(guid in head for guid in ASF_ENCRYPTIONS)
    if TRANSPORT.match(file):
        flags = file[3::TRANSPORT_PACKET]
        return sum(flag >= SCRAMBLED for flag in flags) > len(flags) // 2
    return False


def _is_protected(file: bytes, track: Box) -> bool:
    stsd = inside(file, track, b"mdia", b"minf", b"stbl", b"stsd")
    if stsd is None:
        return False
    entries = boxes(file, stsd.content + STSD_HEAD, stsd.end)
    return any(box.name in ENTRIES for box in entries)
