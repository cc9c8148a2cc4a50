"""MPEG transport streams: packets of one size, each with a sign. Pure.

A table says which packets have sound, and how it is encoded. FFmpeg believes the first one alone.
"""

import re
from collections.abc import Iterator

from adapters.audio import framed
from adapters.audio.checksums import ONES, register

SIZE = 188
SIGN = re.compile(rb"G.{187}G", re.DOTALL)
BEGINNING = re.compile(rb".{0,187}?(?=(?:G[^G].{186}){4}G)", re.DOTALL)
"""The rest of a packet, in front of whole ones. A row of one byte is a silence."""
BEGINS = 0x40
"""The bit of a packet in which a table, or a packet of sound, begins."""
PID = 0x1FFF
PROGRAMS = 0
"""The number of the packets that say where the tables are."""
HEAD = 5
"""Bytes in front of a table, as a rule."""
PROGRAM = 0
TRACKS = 2
"""First bytes of the table of tables, and of one of tracks."""
TABLE_HEAD = 8
TRACKS_HEAD = 12
CHECKSUM = 4
SOUND = frozenset((0x03, 0x04, 0x06, 0x0F, 0x11, 0x81, 0x87))
"""How a track may be encoded: MPEG, what its description names, AAC, LATM, AC-3, E-AC-3."""


def mended(body: bytes) -> bytes:
    """A stream of packets alone; any other body as it is.

    FFmpeg looks for the next packet from byte to byte: ten seconds for sixteen megabytes of noise.
    """
    found = BEGINNING.match(body)
    return framed.mended(body[found.end() :] if found and found.end() else body, 0, KIND)


def streams(body: bytes) -> Iterator[int]:
    """Where sound begins that is encoded in another way than before, or in other packets."""
    yield 0
    tables: set[int] = set()
    before: dict[int, bytes] = {}
    programs_at = at = 0
    while at + SIZE <= len(body):
        if body[at] != body[0]:
            found = SIGN.search(body, at)
            at = found.start() if found else len(body)
            continue
        pid = int.from_bytes(body[at + 1 : at + 3], "big") & PID
        if pid == PROGRAMS:
            programs_at = at
            tables.update(_tables(_section(body, at)))
        sound = _sound(_section(body, at)) if pid in tables else b""
        if sound and before.setdefault(pid, sound) != sound:
            yield programs_at
            before[pid] = sound
        at += SIZE


def _section(body: bytes, at: int) -> bytes:
    """The table that is in the packet at `at`, without its checksum; nothing of a damaged one."""
    first = at + HEAD
    size = 3 + (int.from_bytes(body[first + 1 : first + 3], "big") & 0xFFF)
    if not body[at + 1] & BEGINS or body[first - 1] or size > SIZE - HEAD:
        return b""
    table = body[first : first + size]
    return table[:-CHECKSUM] if register(table, ONES) == 0 else b""


def _tables(programs: bytes) -> Iterator[int]:
    """The numbers of the packets with tables of tracks."""
    if programs and programs[0] == PROGRAM:
        for at in range(TABLE_HEAD, len(programs), 4):
            yield int.from_bytes(programs[at + 2 : at + 4], "big") & PID


def _sound(tracks: bytes) -> bytes:
    """The words of a table about its tracks of sound."""
    if len(tracks) < TRACKS_HEAD or tracks[0] != TRACKS:
        return b""
    at = TRACKS_HEAD + (int.from_bytes(tracks[TRACKS_HEAD - 2 : TRACKS_HEAD], "big") & 0xFFF)
    sound = b""
    while at + HEAD <= len(tracks):
        end = at + HEAD + (int.from_bytes(tracks[at + 3 : at + HEAD], "big") & 0xFFF)
        if tracks[at] in SOUND:
            sound += tracks[at:end]
        at = end
    return sound


def _length(_body: bytes, _at: int) -> int:
    return SIZE


KIND = framed.Framed(re.compile(b"G"), SIZE, _length)
