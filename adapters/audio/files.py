"""Bytes that pretend to be one file, and headers that name a wrong size. Pure.

FFmpeg reads a file as its header says. Phones that were cut off, and programs that join recordings,
leave headers that say less than what is there.
"""

import re
import struct
from collections.abc import Iterator
from itertools import chain, islice, pairwise

from adapters.audio import adts, amr, clusters, fragments, framed_kinds, heads, mp3, ogg, transport
from adapters.audio.big_endian import as_au
from adapters.audio.boxes import outermost
from adapters.audio.chunked import chunked_files, kind_of
from adapters.audio.single_sizes import sized
from adapters.audio.tags import untagged
from adapters.audio.unknown_lengths import lengthened

MOST_FILES = 100
"""In one upload; more of them are left as they are."""
OGG_FIRST = re.compile(heads.OGG, re.DOTALL)
MP3 = re.compile(rb"%b|%b" % (heads.ID3, heads.MP3_FRAME))
WHOLE_FILES = [
    re.compile(head, re.DOTALL)
    for head in (
        heads.FLAC,
        heads.AMR,
        heads.MATROSKA,
        heads.FLV,
        heads.TTA,
        heads.VOC,
        heads.AU,
        heads.W64,
        heads.ASF,
        heads.AVI,
        heads.WAVPACK,
    )
]
"""Beginnings of files that may follow each other, too long to stand in the middle of one."""
MP3_FILE = re.compile(
    rb"%b|\xff[\xe2-\xff]..(?:.{9}|.{17}|.{32})(?:Xing|Info)\x00\x00\x00" % heads.ID3, re.DOTALL
)
"""A tag, or the frame that an encoder writes first."""
RF64_SIZE = struct.Struct("<Q")
RF64_SIZE_AT = 28
"""Where the size of the sound stands in an RF64 file: its chunk ds64 is the first."""


def whole_files(body: bytes) -> list[bytes]:
    """The files that `body` consists of, in order; each names the sizes that it has."""
    body = untagged(body)
    body = _as_riff(body)
    body = lengthened(body)
    body = amr.headed(body)
    body = adts.mended(body)
    body = fragments.mended(body)
    if kind := kind_of(body):
        return [as_au(file) for file in chunked_files(body, kind, MOST_FILES)]
    beginnings = islice(_beginnings(body), MOST_FILES)
    return [_mended(file) for file in _cut(body, list(beginnings))]


def _mended(file: bytes) -> bytes:
    file = sized(file)
    for kind in (mp3, amr, transport, clusters, ogg, framed_kinds):
        file = kind.mended(file)
    return file


def _beginnings(body: bytes) -> Iterator[int]:
    if body.startswith(b"OggS"):
        return _ogg_streams(body)
    if body[4:8] == heads.MP4:
        return (at for at, name in outermost(body) if name == heads.MP4)
    if adts.FRAME.match(body):
        return adts.streams(body)
    if MP3.match(body):
        return chain((0,), _matches(MP3_FILE, body, 1))
    for beginning in WHOLE_FILES:
        if beginning.match(body):
            return _matches(beginning, body, 0)
    return iter((0,))


def _matches(pattern: re.Pattern[bytes], body: bytes, at: int) -> Iterator[int]:
    for found in pattern.finditer(body, at):
        yield found.start()


def _cut(body: bytes, beginnings: list[int]) -> list[bytes]:
    borders = [*beginnings, len(body)]
    return [body[start:end] for start, end in pairwise(borders)]


def _ogg_streams(body: bytes) -> Iterator[int]:
    """A chained file: streams follow each other. Streams side by side begin together.

    One begins in front, whatever its first page says of times.
    """
    yield 0
    beside = 0
    for page in OGG_FIRST.finditer(body):
        at = page.start()
        if at != beside:
            yield at
        content_at = page.end() + body[page.end() - 1]
        beside = content_at + sum(body[page.end() : content_at])


def _as_riff(body: bytes) -> bytes:
    """An RF64 file, which is a RIFF file with 64 bit sizes, with 32 bit sizes."""
    is_rf64 = body[:4] in (b"RF64", b"BW64") and body[12:16] == b"ds64"
    if not is_rf64 or len(body) < RF64_SIZE_AT + RF64_SIZE.size:
        return body
    [size] = RF64_SIZE.unpack_from(body, RF64_SIZE_AT)
    at = body.find(b"data\xff\xff\xff\xff")
    if at < 0:
        return b"RIFF" + body[4:]
    said = struct.pack("<I", min(size, 0xFFFFFFFF))
    return b"RIFF" + body[4 : at + 4] + said + body[at + 8 :]
