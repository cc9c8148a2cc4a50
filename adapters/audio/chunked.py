"""Files of named chunks with sizes, whose heads name a wrong size of the sound. Pure."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from adapters.audio import heads
from adapters.audio.junk import is_junk
from schemas.ranges import Range

CHUNK_NAME = re.compile(rb"[\x20-\x7e]{4}")
BEHIND = re.compile(
    rb"LIST|[iI][dD]3 |bext|cue |iXML|fact|JUNK|junk|PAD |FLLR|pakt|info|chan|strg|free|uuid|NAME"
    rb"|ANNO|COMT|MARK|AUTH|APPL|CHAN"
)
"""Names of chunks that stand behind a sound whose size is right."""

IN_FRONT = re.compile(rb"fmt |data|COMM|SSND|%b" % BEHIND.pattern)
"""Names of chunks that may stand behind one of an odd size."""
MOST_ODD = 20


@dataclass(frozen=True)
class Chunked:
    """A kind of file that consists of named chunks with sizes; `sound` is the chunk of samples."""

    begins: re.Pattern[bytes]
    first: int
    size: struct.Struct
    sound: bytes
    padding: int = 2


RIFX = Chunked(re.compile(heads.RIFX, re.DOTALL), 12, struct.Struct(">I"), b"data")
AIFF = Chunked(re.compile(heads.AIFF, re.DOTALL), 12, struct.Struct(">I"), b"SSND")
CAF = Chunked(re.compile(heads.CAF), 8, struct.Struct(">Q"), b"data", padding=1)
KINDS = (
    Chunked(re.compile(rb"RIFF....WAVE", re.DOTALL), 12, struct.Struct("<I"), b"data"),
    RIFX,
    AIFF,
    CAF,
)
FORM_HEAD = 8
AIFF_NEEDED = frozenset({b"COMM", AIFF.sound})
PACKETS = re.compile(rb"pakt\0{4}.{4}", re.DOTALL)
"""The table without which nobody finds the packets of a CAF. It stands behind them, as a rule."""
MOST_TABLES = 5
"""Signs of it that are looked at."""


def kind_of(body: bytes) -> Chunked | None:
    """The kind of the file with which the body begins; None when it is no such file."""
    return next((kind for kind in KINDS if kind.begins.match(body)), None)


def formed(file: bytes) -> bytes:
    """An AIFF in whose form the sound is: FFmpeg finds nothing behind its end.

    A form that has it stays as it is: what is behind may be of another file.
    """
    if not AIFF.begins.match(file):
        return file
    end = FORM_HEAD + AIFF.size.unpack_from(file, FORM_HEAD - AIFF.size.size)[0]
    inside = chunks(file, AIFF.first, min(end, len(file)), AIFF)
    names = {file[start : start + 4] for start, until in inside if until <= end}
    if end <= len(file) and names >= AIFF_NEEDED:
        return file
    size = AIFF.size.pack(len(file) - FORM_HEAD)
    return file[: FORM_HEAD - len(size)] + size + file[FORM_HEAD:]


def chunked_files(body: bytes, kind: Chunked, most: int) -> Iterator[bytes]:
    """A file for each chunk of samples; each names the size of its sound."""
    body = _padded(body, kind)
    first = kind.first
    for _ in range(most):
        place = _sound(body, kind, first)
        if place is None:
            body = _without_liar(body, kind)
            break
        end = _end_of_chunk(body, place, kind)
        if end - kind.padding > len(body):
            body = _to_the_end(body, place, kind)  # some readers refuse what they do not find
            break
        more = _more_sound(body, end, kind)
        if not more:
            body = _ended(body, place, end, kind)
            break
        yield body[:more]
        first = place - 4  # the next sound stands there: the head is walked through once
        body = body[:first] + body[more:]
    yield body


def _padded(body: bytes, kind: Chunked) -> bytes:
    """A file in front of whose sound chunks of an odd size have a byte behind them, as FFmpeg asks.

    Some programs leave it out: all behind it is a byte too early then, and nothing is found.
    """
    pieces: list[bytes] = []
    start = 0
    at = kind.first
    while at + 4 + kind.size.size <= len(body) and len(pieces) < MOST_ODD:
        if body[at : at + 4] == kind.sound:
            break
        [size] = kind.size.unpack_from(body, at + 4)
        at += 4 + kind.size.size + size
        if size % kind.padding == 0:
            continue
        if IN_FRONT.match(body, at) and not IN_FRONT.match(body, at + 1):
            pieces.append(body[start:at])
            start = at
        else:
            at += 1
    return b"\0".join([*pieces, body[start:]])


def _end_of_chunk(body: bytes, place: int, kind: Chunked) -> int:
    """Where the chunk ends, padding included, whose size stands at `place`."""
    [size] = kind.size.unpack_from(body, place)
    end = int(place + kind.size.size + size)
    return end + end % kind.padding


def chunks(body: bytes, at: int, until: int, kind: Chunked) -> Iterator[Range]:
    """Where each chunk begins and ends, from `at` on; the head of the last one ends by `until`."""
    while at + 4 + kind.size.size <= until:
        end = _end_of_chunk(body, at + 4, kind)
        yield at, end
        at = end


def _sound(body: bytes, kind: Chunked, first: int) -> int | None:
    """Where the size of the sound stands. A chunk begins at `first`."""
    for at, _ in chunks(body, first, len(body), kind):
        if body[at : at + 4] == kind.sound:
            return at + 4
    return None


def _more_sound(body: bytes, at: int, kind: Chunked) -> int:
    """Where another chunk of samples begins from `at` on; 0 without one.

    FFmpeg hears the last one of a file alone.
    """
    for start, _ in chunks(body, at, len(body), kind):
        name = body[start : start + 4]
        if name == kind.sound:
            return start
        if not CHUNK_NAME.fullmatch(name):
            break
    return 0


def _without_liar(body: bytes, kind: Chunked) -> bytes:
    """A file in whose sound another chunk claims to end, without that chunk."""
    sound = body.find(kind.sound, kind.first)
    for at, end in chunks(body, kind.first, sound, kind):
        if end > sound:
            return body[:at] + body[sound:]
    return body


def _ended(body: bytes, place: int, end: int, kind: Chunked) -> bytes:
    """A file in which no other sound follows the one that ends at `end` by its own words."""
    goes_on = end
    named = end
    for start, after in chunks(body, end, len(body), kind):
        name = body[start : start + 4]
        if not CHUNK_NAME.fullmatch(name):
            break
        if BEHIND.match(name) and after <= len(body):
            named = after
        goes_on = after
    if goes_on >= len(body) - kind.padding:
        return body
    if named > end or is_junk(body[place + kind.size.size : end], body[end:]):
        return body[:named]
    return _to_the_end(body, place, kind)


def _to_the_end(body: bytes, place: int, kind: Chunked) -> bytes:
    """The file with a sound that goes on to its end; the size of the sound stands at `place`."""
    before = body[:place]
    sound = body[place + kind.size.size :]
    end = _end_of_packets(body, place) if kind is CAF else len(body)
    if end < len(body):
        size = end - place - kind.size.size
        return before + kind.size.pack(size) + sound
    padding = bytes(len(sound) % kind.padding)
    return before + kind.size.pack(len(sound)) + sound + padding


def _end_of_packets(body: bytes, place: int) -> int:
    """Where the table of packets begins behind a sound of a wrong size; the end without one."""
    for found in islice(PACKETS.finditer(body, place), MOST_TABLES):
        end = _end_of_chunk(body, found.start() + 4, CAF)
        if end == len(body) or CHUNK_NAME.match(body, end):
            return found.start()
    return len(body)
