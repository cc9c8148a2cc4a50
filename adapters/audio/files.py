"""Bytes that pretend to be one file, and headers that name a wrong size. Pure.

FFmpeg reads a file as its header says. Phones that were cut off, and programs that join recordings,
leave headers that say less than what is there.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice, pairwise

from adapters.audio import adts
from adapters.audio.big_endian import as_au
from adapters.audio.single_sizes import sized
from adapters.audio.tags import untagged
from adapters.audio.unknown_lengths import lengthened
from schemas.ranges import Range

MOST_FILES = 100
"""In one upload; more of them are left as they are."""
CHUNK_NAME = re.compile(rb"[\x20-\x7e]{4}")
OGG_HEAD = 27
OGG_FIRST = 2
"""Flag of the first page of a stream."""
MP3 = re.compile(rb"ID3[\x02-\x04]\x00|\xff[\xe2-\xef\xf2-\xf7\xfa-\xff]")
WHOLE_FILES = (
    re.compile(rb"fLaC[\x00\x80]\x00\x00\x22"),
    re.compile(rb"#!AMR(-WB)?\n"),
    re.compile(rb"\x1aE\xdf\xa3.{1,60}?\x42\x82.{1,8}?(?:webm|matroska)", re.DOTALL),
    re.compile(rb"FLV\x01[\x01\x04\x05]\0\0\0\x09\0\0\0\0"),
    re.compile(rb"TTA1[\x01\x02]\0"),
    re.compile(rb"Creative Voice File\x1a"),
)
"""Beginnings of files that may follow each other, too long to stand in the middle of one."""
MP3_FILE = re.compile(
    rb"ID3[\x02-\x04]\x00|\xff[\xe2-\xff]..(?:.{9}|.{17}|.{32})(?:Xing|Info)\x00\x00\x00", re.DOTALL
)
"""A tag, or the frame that an encoder writes first."""
MP4_TYPE = b"ftyp"
MP4_BOX = struct.Struct(">I4s")
RF64_SIZE = struct.Struct("<Q")
RF64_SIZE_AT = 28
"""Where the size of the sound stands in an RF64 file: its chunk ds64 is the first."""


@dataclass(frozen=True)
class Chunked:
    """A kind of file that consists of named chunks with sizes; `sound` is the chunk of samples."""

    begins: re.Pattern[bytes]
    first: int
    size: struct.Struct
    sound: bytes
    padding: int = 2


CHUNKED = (
    Chunked(re.compile(rb"RIFF....WAVE", re.DOTALL), 12, struct.Struct("<I"), b"data"),
    Chunked(re.compile(rb"RIFX....WAVE", re.DOTALL), 12, struct.Struct(">I"), b"data"),
    Chunked(re.compile(rb"FORM....AIF[FC]", re.DOTALL), 12, struct.Struct(">I"), b"SSND"),
    Chunked(re.compile(rb"caff\x00\x01"), 8, struct.Struct(">Q"), b"data", padding=1),
)


def whole_files(body: bytes) -> list[bytes]:
    """The files that `body` consists of, in order; each names the sizes that it has."""
    body = untagged(body)
    body = _as_riff(body)
    body = lengthened(sized(body))
    for kind in CHUNKED:
        if kind.begins.match(body):
            return [as_au(file) for file in _chunked_files(body, kind)]
    beginnings = islice(_beginnings(body), MOST_FILES)
    return _cut(body, list(beginnings))


def _beginnings(body: bytes) -> Iterator[int]:
    if body.startswith(b"OggS"):
        return _ogg_streams(body)
    if body[4:8] == MP4_TYPE:
        return _mp4_files(body)
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
    """A chained file: streams follow each other. Streams side by side begin together."""
    at = 0
    may_begin = True
    while 0 <= at < len(body) - OGG_HEAD:
        is_first = bool(body[at + 5] & OGG_FIRST)
        if is_first and may_begin:
            yield at
        may_begin = not is_first
        number_of_laces = body[at + 26]
        content_at = at + OGG_HEAD + number_of_laces
        laces = body[at + OGG_HEAD : content_at]
        at = body.find(b"OggS", content_at + sum(laces))


def _mp4_files(body: bytes) -> Iterator[int]:
    at = 0
    while at + MP4_BOX.size <= len(body):
        size, name = MP4_BOX.unpack_from(body, at)
        if name == MP4_TYPE:
            yield at
        if size < MP4_BOX.size:  # to the end, or 64 bits: nobody joins such files
            return
        at += size


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


def _chunked_files(body: bytes, kind: Chunked) -> Iterator[bytes]:
    first = kind.first
    for _ in range(MOST_FILES):
        place = _sound(body, kind, first)
        first = kind.first
        if place is None:
            body = _without_liar(body, kind)
            break
        end = _end_of_chunk(body, place, kind)
        if end - kind.padding > len(body):
            body = _to_the_end(body, place, kind)  # some readers refuse what they do not find
            break
        more = _more_sound(body, end, kind)
        if more:
            yield body[:more]
            first = place - 4  # the next sound stands there: the head is walked through once
            body = body[:first] + body[more:]
            continue
        if not kind.begins.match(body, end):
            if not _goes_on(body, end, kind):
                body = _to_the_end(body, place, kind)
            break
        yield body[:end]
        body = body[end:]
    yield body


def _end_of_chunk(body: bytes, place: int, kind: Chunked) -> int:
    """Where the chunk ends, padding included, whose size stands at `place`."""
    [size] = kind.size.unpack_from(body, place)
    end = int(place + kind.size.size + size)
    return end + end % kind.padding


def _chunks(body: bytes, at: int, until: int, kind: Chunked) -> Iterator[Range]:
    """Where each chunk begins and ends, from `at` on; the head of the last one ends by `until`."""
    while at + 4 + kind.size.size <= until:
        end = _end_of_chunk(body, at + 4, kind)
        yield at, end
        at = end


def _sound(body: bytes, kind: Chunked, first: int) -> int | None:
    """Where the size of the sound stands. A chunk begins at `first`."""
    for at, _ in _chunks(body, first, len(body), kind):
        if body[at : at + 4] == kind.sound:
            return at + 4
    return None


def _more_sound(body: bytes, at: int, kind: Chunked) -> int:
    """Where another chunk of samples begins from `at` on; 0 without one. FFmpeg hears the last."""
    for start, _ in _chunks(body, at, len(body), kind):
        name = body[start : start + 4]
        if name == kind.sound:
            return start
        if not CHUNK_NAME.fullmatch(name):
            break
    return 0


def _without_liar(body: bytes, kind: Chunked) -> bytes:
    """A file in whose sound another chunk claims to end, without that chunk."""
    sound = body.find(kind.sound, kind.first)
    for at, end in _chunks(body, kind.first, sound, kind):
        if end > sound:
            return body[:at] + body[sound:]
    return body


def _goes_on(body: bytes, at: int, kind: Chunked) -> bool:
    """Whether nothing, or chunks alone, follow from `at` on."""
    for start, end in _chunks(body, at, len(body), kind):
        if not CHUNK_NAME.fullmatch(body[start : start + 4]):
            return False
        at = end
    return at >= len(body) - kind.padding


def _to_the_end(body: bytes, place: int, kind: Chunked) -> bytes:
    """The file with a sound that goes on to its end; the size of the sound stands at `place`."""
    before = body[:place]
    sound = body[place + kind.size.size :]
    padding = bytes(len(sound) % kind.padding)
    return before + kind.size.pack(len(sound)) + sound + padding
