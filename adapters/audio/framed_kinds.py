"""Frames of LATM, Dolby, WavPack, WMA and VOC: their files may have bytes between them. Pure."""

import re

from adapters.audio import framed, heads
from adapters.audio.framed import Framed

KILOBITS = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640)
"""Of AC-3, by half of the number of a size."""
RATES = (48_000, 44_100, 32_000)
AC3_SAMPLES = 1_536
AC3_VERSION = 10
"""Later versions are E-AC-3, which says the size itself."""
VOC = re.compile(heads.VOC)
VOC_FIRST = slice(20, 22)
ASF_SIZES = re.compile(rb"\xa1\xdc\xab\x8cG\xa9\xcf\x11\x8e\xe4\0\xc0\x0c Se.{76}(.{4})", re.DOTALL)
"""The properties of a WMA file, up to the size of its packets."""
ASF_DATA = re.compile(rb"6&\xb2u\x8ef\xcf\x11\xa6\xd9\0\xaa\0b\xcel.{34}", re.DOTALL)
"""The head that stands in front of its packets."""
ASF_PACKET = re.compile(rb"\x82\0\0")
ASF_SIGN = 3


def mended(body: bytes) -> bytes:
    """A file of frames alone; any other file as it is."""
    for kind in (LATM_KIND, DOLBY_KIND, WAVPACK_KIND):
        if kind.sign.match(body):
            return framed.mended(body, 0, kind)
    if VOC.match(body):
        first = int.from_bytes(body[VOC_FIRST], "little")
        # Samples may look like blocks, and most files have one block of all of them.
        return (
            framed.mended(body, first, VOC_KIND) if framed.is_row(body, first, VOC_KIND) else body
        )
    sizes = ASF_SIZES.search(body, 0, 1 << 16)
    data = ASF_DATA.search(body) if sizes else None
    if not sizes or not data:
        return body
    size = int.from_bytes(sizes[1], "little")
    packet = Framed(ASF_PACKET, ASF_SIGN, lambda _body, _at: size, in_a_row=2)
    return framed.mended(body, data.end(), packet)


def _latm(body: bytes, at: int) -> int:
    return (int.from_bytes(body[at + 1 : at + 3], "big") & 0x1FFF) + 3


def _dolby(body: bytes, at: int) -> int:
    head = body[at : at + DOLBY_KIND.head]
    if len(head) < DOLBY_KIND.head:
        return 0
    if head[5] >> 3 > AC3_VERSION:
        return ((head[2] & 7) << 8 | head[3]) * 2 + 2
    rate = head[4] >> 6
    number = head[4] & 0x3F
    if rate >= len(RATES) or number // 2 >= len(KILOBITS):
        return 0
    words = AC3_SAMPLES * KILOBITS[number // 2] * 1_000 // (16 * RATES[rate])
    return 2 * (words + (number & 1 if RATES[rate] == 44_100 else 0))


def _wavpack(body: bytes, at: int) -> int:
    return int.from_bytes(body[at + 4 : at + 8], "little") + 8


def _voc(body: bytes, at: int) -> int:
    size = int.from_bytes(body[at + 1 : at + 4], "little")
    return size + 4 if size else 0


LATM_KIND = Framed(re.compile(rb"\x56[\xe0-\xff]"), 3, _latm, filler=b"\xff")
DOLBY_KIND = Framed(re.compile(rb"\x0b\x77"), 6, _dolby, filler=b"\0")
WAVPACK_KIND = Framed(re.compile(rb"wvpk.{4}[\x02-\x10]\x04", re.DOTALL), 32, _wavpack, in_a_row=1)
VOC_KIND = Framed(re.compile(rb"[\x01-\x09]"), 4, _voc)
