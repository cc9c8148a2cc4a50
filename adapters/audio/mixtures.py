"""Files of different kinds that were joined to one body: where each of them may begin. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from adapters.audio import adts, heads

MOST_PARTS = 20
"""Of one upload. Later ones stay with the last of them."""
MOST_LOOKS = 30_000
"""Signs of one kind of file that are looked at: an upload has fewer. More of them are junk."""
SIGN = 3
"""The bytes of a sign by which it is found; it has as many, or more."""


class Kind(NamedTuple):
    """A kind of file: `sign` stands at `place` in its beginning. `begins` looks at the rest."""

    name: str
    sign: bytes
    place: int
    begins: Callable[[bytes, int], object]


def _kind(name: str, sign: bytes, place: int, begins: bytes) -> Kind:
    return Kind(name, sign, place, re.compile(begins, re.DOTALL).match)


MAY_HOLD_ADTS = ("", "mpeg", "mpegts")
"""Kinds inside which frames of ADTS begin no file. The empty name is that of a beginning of no
known kind."""
PRIVATE = b"".join(rb"(?<!\x63\xa2%b)" % (b"." * size) for size in range(1, 9))
"""Not in Matroska: it keeps the head of FLAC behind such an element and the bytes of its size."""
MP3 = rb"%b..%%b(?:Xing|Info)\0\0\0" % heads.MP3_FRAME
KINDS = (
    _kind("flac", b"fLaC", 0, rb"(?<!\x7fFLAC....)%b%b" % (PRIVATE, heads.FLAC)),
    _kind("ogg", b"OggS", 0, heads.OGG),
    _kind("wav", b"WAVE", 8, rb"(?:RIFF|RF64|BW64)....WAVE"),
    _kind("rifx", b"WAVE", 8, heads.RIFX),
    _kind("aiff", b"FORM", 0, heads.AIFF),
    _kind("caf", b"caff", 0, rb"%b\0\0desc" % heads.CAF),
    _kind("au", b".snd", 0, heads.AU),
    _kind("w64", b"riff", 0, heads.W64),
    _kind("asf", b"0&\xb2u", 0, heads.ASF),
    _kind("avi", b"AVI ", 8, heads.AVI),
    _kind("wavpack", b"wvpk", 0, heads.WAVPACK),
    _kind("mpeg", b"\0\x01\xba", 1, heads.MPEG_PACK),
    _kind("flv", b"FLV\x01", 0, heads.FLV),
    _kind("tta", b"TTA1", 0, heads.TTA),
    _kind("voc", b"Creative Voice", 0, heads.VOC),
    _kind("amr", b"#!AMR", 0, heads.AMR),
    _kind("webm", b"\x1aE\xdf\xa3", 0, heads.MATROSKA),
    _kind("mp4", heads.MP4, 4, rb"\0\0[\0\x01].%b" % heads.MP4),
    _kind("mp3", b"ID3", 0, heads.ID3),
    *(
        _kind("mpegts", sign, 0, rb"G@[\0\x11].{185}(?:G.{187}){3}G")
        for sign in (b"G@\0", b"G@\x11")
    ),
    *(
        _kind("mp3", sign, 4 + side, MP3 % rb".{%d}" % side)
        for sign in (b"Xing", b"Info")
        for side in (9, 17, 32)
    ),
    *(Kind("adts", sign, 0, adts.begins) for sign in adts.SIGNS),
)
BY_SIGN: defaultdict[bytes, list[Kind]] = defaultdict(list)
"""Kinds by the first bytes of their signs."""
IS_PAIR = np.zeros(1 << 16, bool)
"""Whether two bytes, read as one number, are among those. Of the two pairs in three bytes one is at
an even place, so the search leaves out all others. A search for each sign takes longer."""
for _known in KINDS:
    BY_SIGN[_known.sign[:SIGN]].append(_known)
    for _first in range(SIGN - 1):
        IS_PAIR[int.from_bytes(_known.sign[_first : _first + 2], "little")] = True


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
    """Where a file of another kind than before seems to begin; in the order of the signs."""
    last = ""
    looks = Counter[str]()
    for sign in _signs(body):
        for kind in BY_SIGN.get(body[sign : sign + SIGN], ()):
            if kind.name == last or looks[kind.name] == MOST_LOOKS:
                continue  # each frame of ADTS is a sign: to look at its successors takes time
            looks[kind.name] += 1
            at = sign - kind.place
            if at >= 0 and body.startswith(kind.sign, sign) and kind.begins(body, at):
                last = kind.name
                yield at, kind.name


def _signs(body: bytes) -> Iterator[int]:
    """Every place at which a sign may begin: where one of its pairs is at an even place."""
    pairs = np.frombuffer(body, "<u2", len(body) // 2)
    for place in np.flatnonzero(np.take(IS_PAIR, pairs)).tolist():
        yield 2 * place - 1
        yield 2 * place
