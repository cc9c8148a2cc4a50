"""CAF files: the table of their packets, and where each of them was. Pure.

A packet has no head, so the table is all that tells them from each other.
"""

import struct
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice, pairwise
from typing import NamedTuple

from adapters.audio.chunked import CAF, chunks
from schemas.ranges import Range

NAME = 4
SIZE = CAF.size
EDITS = 4
"""Bytes of a number in front of the first packet."""
FORM = struct.Struct(">d4sIIIII")
"""Rate, codec, flags, bytes and frames of a packet, channels, bits. 0: packets differ."""
HEAD = struct.Struct(">QQII")
"""Packets, frames, and those that are none at the beginning and at the end."""
MORE = 0x80
"""The bit of a byte that says that the number goes on in the next one."""
MOST_PACKETS = 100_000


class PacketTable(NamedTuple):
    """Where the packets were, and where the size of the sound stands and the sound ends."""

    packets: Sequence[Range]
    size_at: int
    end: int


def packet_table(file: bytes) -> PacketTable | None:
    """That of a CAF whose packets have different sizes; None of any other file."""
    if not CAF.begins.match(file):
        return None
    found = {file[at : at + NAME]: (at + NAME, end) for at, end in _chunks(file)}
    if not found.keys() >= {b"desc", CAF.sound, b"pakt"}:
        return None
    form_at = found[b"desc"][0] + SIZE.size
    table_at, table_end = found[b"pakt"]
    size_at, end = found[CAF.sound]
    if form_at + FORM.size > len(file) or table_at + SIZE.size + HEAD.size > len(file):
        return None
    _, _, _, bytes_of_packet, frames, _, _ = FORM.unpack_from(file, form_at)
    count, _, _, _ = HEAD.unpack_from(file, table_at + SIZE.size)
    if bytes_of_packet or not 0 < count <= MOST_PACKETS:
        return None
    numbers = _numbers(file[table_at + SIZE.size + HEAD.size : table_end])
    # Where packets also differ in frames, these stand behind the bytes of each.
    sizes = islice(numbers, 0, None, 1 if frames else 2)
    first = size_at + SIZE.size + EDITS
    ends = list(accumulate(islice(sizes, count), initial=first))
    return PacketTable(list(pairwise(ends)), size_at, end)


def _chunks(file: bytes) -> Iterator[Range]:
    return islice(chunks(file, CAF.first, len(file), CAF), MOST_PACKETS)


def _numbers(table: bytes) -> Iterator[int]:
    """Numbers of seven bits in each byte, the highest ones first."""
    number = 0
    for byte in table:
        number = number << 7 | byte & ~MORE
        if not byte & MORE:
            yield number
            number = 0


def with_size(file: bytes, table: PacketTable) -> bytes:
    """The file with the size of its sound that its table says."""
    size = table.packets[-1][1] - table.size_at - SIZE.size
    behind = table.size_at + SIZE.size
    return file[: table.size_at] + SIZE.pack(size) + file[behind:]
