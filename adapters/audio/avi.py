"""AVI files whose chunks were damaged, or lost: the index says which chunk stood where. Pure.

Chunks have no time: FFmpeg counts them. It passes over those whose heads are gone, and the sound
behind comes too early.
"""

import re
import struct
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

from adapters.audio import heads

FILE = re.compile(heads.AVI, re.DOTALL)
CHUNKS = re.compile(rb"LIST.{4}movi", re.DOTALL)
CHUNK = re.compile(rb"[0-9]{2}(?:wb|dc|db|pc|tx)")
HEAD = struct.Struct("<4sI")
INDEX = b"idx1"
ENTRY = struct.Struct("<4sIII")
"""A name, flags, the place of the chunk and its size."""
NAME = 4
EIGHT_BITS = re.compile(rb"strf.{4}([\x01\x06\x07])\0.{12}\x08\0", re.DOTALL)
"""The form of samples of eight bits, which are numbers, A-law or mu-law."""
SILENCE = {b"\1": b"\x80", b"\6": b"\xd5", b"\7": b"\xff"}
"""Zeros of these forms are as loud as can be."""
MOST_OTHERS = 10
"""Chunks that are there with another size: of more the index says what is not so."""
NEAR = 1_000
"""Chunks behind the last whole one among which the next whole one is searched."""
MOST_LOOKS = 1_000
"""Signs of a chunk that are looked at, in all of a file."""


class Entry(NamedTuple):
    """A chunk by the words of the index: where it began and ended, and the bytes of its head."""

    at: int
    end: int
    head: bytes


def mended(body: bytes) -> bytes:
    """An AVI with every chunk of its index where it was; any other file as it is.

    Silence stands for a chunk that is not there any more, and it has its time. Decoders that make
    no samples of zeros refuse them.
    """
    found = CHUNKS.search(body) if FILE.match(body) else None
    index = body.rfind(INDEX) if found else 0
    if not found or index < found.end():
        return body
    entries = _entries(body, index, found.start() + HEAD.size)
    damaged = [one for one in entries if not body.startswith(one.head, one.at)]
    others = sum(body.startswith(one.head[:NAME], one.at) for one in damaged)
    if not damaged or damaged[0] is entries[0] or others > MOST_OTHERS:
        return body
    [_, size] = HEAD.unpack_from(body, found.start())
    moved = index - found.start() - HEAD.size - size
    form = EIGHT_BITS.search(body, 0, found.start())
    silence = SILENCE[form[1]] if form else b"\0"
    chunks = b"".join(_chunks(body[:index], entries, moved, silence))
    if len(chunks) < entries[-1].end - entries[0].at:
        return body
    between = max(0, index - moved - entries[-1].end)
    return body[: entries[0].at] + chunks + body[index - between :]


def _entries(body: bytes, index: int, first: int) -> list[Entry]:
    """The chunks of the index. Their places are counted from `first`, or from the file's begin."""
    [_, size] = HEAD.unpack_from(body.ljust(index + HEAD.size), index)
    table = body[index + HEAD.size : index + HEAD.size + size]
    whole = table[: len(table) // ENTRY.size * ENTRY.size]
    named = [entry for entry in ENTRY.iter_unpack(whole) if CHUNK.match(entry[0])]
    if named and named[0][2] > first:
        first = 0
    entries = sorted(
        Entry(first + at, first + at + HEAD.size + size, HEAD.pack(name, size))
        for name, _, at, size in named
    )
    is_true = all(one.end <= other.at for one, other in pairwise(entries))
    return entries if is_true and entries and entries[-1].end <= 2 * len(body) else []


def _chunks(body: bytes, entries: Sequence[Entry], moved: int, silence: bytes) -> Iterator[bytes]:
    """The chunks, each behind the bytes in front of it; fewer when there is too much damage.

    `moved`: the bytes that came to the whole.
    """
    number = 0
    shift = 0
    looks = MOST_LOOKS
    until = entries[0].at
    while number < len(entries):
        entry = entries[number]
        at = entry.at + shift
        if body.startswith(entry.head, at):
            there = body[at - (entry.at - until) : entry.end + shift]
            yield there.ljust(entry.end - until, silence)
            until = entry.end
            number += 1
            continue
        begun = entries[number - 1].at + shift + HEAD.size
        found, shift, looks = _whole(body, begun, entries, number, (shift, moved), looks)
        if not looks:
            return
        for lost in entries[number:found]:
            yield bytes(lost.at - until) + lost.head + silence * (lost.end - lost.at - HEAD.size)
            until = lost.end
        number = found


def _whole(
    body: bytes,
    at: int,
    entries: Sequence[Entry],
    number: int,
    shifts: tuple[int, int],
    looks: int,
) -> tuple[int, int, int]:
    """The next entry from `number` on whose chunk is there, by how much it was moved, and looks.

    Chunks of one size look alike: one that was moved as those before it, or as the index, is it.
    """
    near = defaultdict(list)
    for each in range(number, min(number + NEAR, len(entries))):
        near[entries[each].head].append(each)
    for sign in islice(CHUNK.finditer(body, at), looks):
        looks -= 1
        place = sign.start()
        alike = near[body[place : place + HEAD.size]]
        found = [one for one in alike if _is_followed(body, place, entries, one)]
        if found:
            ways = {place - entries[one].at: one for one in found}
            shift = min(ways, key=lambda way: (way not in shifts, abs(way - shifts[0])))
            return ways[shift], shift, looks
    return len(entries), 0, looks


def _is_followed(body: bytes, place: int, entries: Sequence[Entry], number: int) -> bool:
    if number + 1 == len(entries):
        return True
    behind = entries[number + 1]
    return body.startswith(behind.head, place + behind.at - entries[number].at)
