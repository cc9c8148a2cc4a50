"""Files of different kinds that were joined to one body: where each of them may begin. Pure."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from adapters.audio.files import ADTS, ADTS_HEAD, adts_length

MOST_PARTS = 20
"""Of one upload. Later ones stay with the last of them."""


class Kind(NamedTuple):
    """A kind of file: `sign` stands at `place` in its beginning. `begins` looks at the rest."""

    name: str
    sign: bytes
    place: int
    begins: Callable[[bytes, int], object]


def _kind(name: str, sign: bytes, place: int, begins: bytes) -> Kind:
    return Kind(name, sign, place, re.compile(begins, re.DOTALL).match)


def _is_adts(body: bytes, at: int) -> bool:
    """Whether some frames follow each other: ADTS has no head."""
    for _ in range(ADTS_FRAMES):
        length = adts_length(body, at)
        if length < ADTS_HEAD or not ADTS.match(body, at):
            return False
        at += length
    return at <= len(body)


ADTS_FRAMES = 5
MAY_HOLD_ADTS = ("", "mpegts")
"""Kinds in which frames of ADTS are no file of their own. Nobody knows what the first one holds."""
PRIVATE = b"".join(rb"(?<!\x63\xa2%b)" % (b"." * size) for size in range(1, 9))
"""Not in Matroska: it keeps the head of FLAC behind such an element and the bytes of its size."""
MP3 = rb"\xff[\xe2-\xef\xf2-\xf7\xfa-\xff]..%b(?:Xing|Info)\0\0\0"
KINDS = (
    _kind("flac", b"fLaC", 0, rb"(?<!\x7fFLAC....)%bfLaC[\0\x80]\0\0\x22" % PRIVATE),
    _kind("ogg", b"OggS", 0, rb"OggS\0[\x02\x06]\0{8}"),
    _kind("wav", b"WAVE", 8, rb"(?:RIFF|RF64|BW64)....WAVE"),
    _kind("rifx", b"WAVE", 8, rb"RIFX....WAVE"),
    _kind("aiff", b"FORM", 0, rb"FORM....AIF[FC]"),
    _kind("caf", b"caff", 0, rb"caff\0\x01\0\0desc"),
    _kind("au", b".snd", 0, rb"\.snd\0\0.{6}\0\0\0.\0"),
    _kind("w64", b"riff", 0, rb"riff\x2e\x91\xcf\x11\xa5\xd6"),
    _kind("amr", b"#!AMR", 0, rb"#!AMR(?:-WB)?\n"),
    _kind("webm", b"\x1aE\xdf\xa3", 0, rb"\x1aE\xdf\xa3.{1,60}?\x42\x82.{1,8}?(?:webm|matroska)"),
    _kind("mp4", b"ftyp", 4, rb"\0\0[\0\x01].ftyp"),
    _kind("mp3", b"ID3", 0, rb"ID3[\x02-\x04]\0"),
    _kind("mpegts", b"G@", 0, rb"G@[\0\x11].{185}(?:G.{187}){3}G"),
    *(
        _kind("mp3", sign, 4 + side, MP3 % rb".{%d}" % side)
        for sign in (b"Xing", b"Info")
        for side in (9, 17, 32)
    ),
    Kind("adts", b"\xff\xf1", 0, _is_adts),
    Kind("adts", b"\xff\xf9", 0, _is_adts),
)
PAIR = np.dtype("<u2")
IS_SIGN = np.zeros(1 << 16, bool)
"""Whether two bytes are the first ones of a sign. A search for each sign would take longer."""
IS_SIGN[[int.from_bytes(kind.sign[:2], "little") for kind in KINDS]] = True


def parts_by_kind(body: bytes) -> list[bytes]:
    """The body, cut where a file of another kind seems to begin. Pictures and tags may seem to."""
    cuts = [0]
    kind = ""
    for at, name in _beginnings(body):
        if name == "adts" and kind in MAY_HOLD_ADTS:
            continue
        if at and name != kind and len(cuts) < MOST_PARTS:
            cuts.append(at)
        kind = name
    return [body[start:end] for start, end in pairwise([*cuts, len(body)])]


def _beginnings(body: bytes) -> Iterator[tuple[int, str]]:
    """Where files seem to begin, and of which kind they are; in the order of the signs."""
    even = _signs(body, 0)
    odd = _signs(body, 1)
    for sign in sorted([*even, *odd]):
        for kind in KINDS:
            at = sign - kind.place
            if at >= 0 and body.startswith(kind.sign, sign) and kind.begins(body, at):
                yield at, kind.name


def _signs(body: bytes, first: int) -> list[int]:
    """Every second place from `first` on at which a sign may stand."""
    count = (len(body) - first) // PAIR.itemsize
    if count <= 0:
        return []
    pairs = np.frombuffer(body, PAIR, count, first)
    found: list[int] = (np.flatnonzero(IS_SIGN[pairs]) * PAIR.itemsize + first).tolist()
    return found
