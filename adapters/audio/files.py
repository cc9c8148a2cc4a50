"""Bytes that pretend to be one file, and headers that name a wrong size. Pure.

FFmpeg reads a file as its header says. Phones that were cut off, and programs that join recordings,
leave headers that say less than what is there.
"""

import re
import struct
from collections.abc import Iterator
from itertools import chain, islice, pairwise

from adapters.audio import (
    adts,
    amr,
    avi,
    clusters,
    flac,
    flv,
    fragments,
    framed_kinds,
    heads,
    latm,
    mp3,
    ogg,
    ogg_pages,
    transport,
    tta,
)
from adapters.audio.big_endian import as_au
from adapters.audio.boxes import outermost
from adapters.audio.chunked import chunked_files, formed, kind_of
from adapters.audio.single_sizes import sized
from adapters.audio.tags import untagged
from adapters.audio.unknown_lengths import lengthened, without_index

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
RIFF = re.compile(rb"(?:RIFF|RF64|BW64).{4}WAVE", re.DOTALL)
RF64 = re.compile(rb"(?:RF64|BW64).{4}WAVE(?:ds64.{12}(.{8}))?", re.DOTALL)
"""A WAV with 64 bit sizes, and that of its sound, where they are said first."""
RF64_SOUND = re.compile(rb"data\xff{4}")


def whole_files(body: bytes) -> list[bytes]:
    """The files that `body` consists of, in order; each names the sizes that it has."""
    body = untagged(body)
    body = _as_riff(body)
    body = lengthened(body)
    body = _headed(body)
    body = adts.mended(body)
    body = latm.mended(body)
    body = transport.mended(body)
    body = fragments.mended(body)
    if kind := kind_of(body):
        # One whose end was cut off says that its sound goes on, into the next file.
        pieces = _cut(body, list(islice(_matches(kind.begins, body, 0), MOST_FILES)))
        files = chain.from_iterable(chunked_files(piece, kind, MOST_FILES) for piece in pieces)
        return [as_au(formed(file)) for file in files]
    beginnings = islice(_beginnings(body), MOST_FILES)
    return [_mended(file) for file in _cut(body, list(beginnings))]


def _headed(body: bytes) -> bytes:
    """Frames of AMR without a head with one, also those in a 3gp without an index."""
    frames = without_index(body)
    found = amr.headed(frames)
    return body if found is frames else found


def _mended(file: bytes) -> bytes:
    file = sized(file)
    for kind in (mp3, amr, clusters, ogg, framed_kinds, tta, avi, flac, flv):
        file = kind.mended(file)
    return file


def _beginnings(body: bytes) -> Iterator[int]:
    if body.startswith(b"OggS"):
        return _ogg_streams(body)
    if body[4:8] == heads.MP4:
        return (at for at, name in outermost(body) if name == heads.MP4)
    if adts.FRAME.match(body):
        return adts.streams(body)
    if framed_kinds.LATM_KIND.sign.match(body):
        return latm.streams(body)
    if transport.SIGN.match(body):
        return transport.streams(body)
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
        _, beside = ogg_pages.page_at(body, at)


def _as_riff(body: bytes) -> bytes:
    """RF64 files, which are RIFF files with 64 bit sizes, with 32 bit sizes."""
    if not RIFF.match(body) or (b"RF64" not in body and b"BW64" not in body):
        return body
    patched = bytearray(body)
    for file in islice(RF64.finditer(body), MOST_FILES):
        patched[file.start() : file.start() + 4] = b"RIFF"
        sound = RF64_SOUND.search(body, file.end())
        if sound and file[1]:
            size = int.from_bytes(file[1], "little")
            patched[sound.end() - 4 : sound.end()] = struct.pack("<I", min(size, 0xFFFFFFFF))
    return bytes(patched)
