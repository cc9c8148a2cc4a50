"""Boxes of an MP4: each has a size and a name, and may hold others. Pure."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

HEAD = struct.Struct(">I4s")
LARGE = struct.Struct(">Q")
NUMBER = struct.Struct(">I")


class Box(NamedTuple):
    """Where a box begins, where its content does, and where it ends by its own words."""

    name: bytes
    at: int
    content: int
    end: int


def box_at(body: bytes, at: int) -> Box | None:
    """The box at a place; None when there are too few bytes, or its size is none.

    A size of 0 means that it goes on to the end.
    """
    if at + HEAD.size > len(body):
        return None
    size, name = HEAD.unpack_from(body, at)
    content = at + HEAD.size
    if size == 0:
        return Box(name, at, content, len(body))
    if size == 1 and content + LARGE.size <= len(body):
        [size] = LARGE.unpack_from(body, content)
        content += LARGE.size
    end = at + size
    return Box(name, at, content, end) if end >= content else None


def boxes(body: bytes, at: int, until: int) -> Iterator[Box]:
    """The boxes that follow each other from `at` on, and end by `until`."""
    while (box := box_at(body, at)) and box.end <= until:
        yield box
        at = box.end


def outermost(body: bytes) -> Iterator[tuple[int, bytes]]:
    """Where each box of a file begins, and its name. Its size may be damaged, and too large.

    None follows one that goes on to the end, or says its size in 64 bits: nobody joins such files.
    """
    at = 0
    while at + HEAD.size <= len(body):
        size, name = HEAD.unpack_from(body, at)
        yield at, name
        if size < HEAD.size:
            return
        at += size


def inside(body: bytes, outer: Box, *names: bytes) -> Box | None:
    """The first box with the last one of the names, in the first ones with the others."""
    for name in names:
        found = (box for box in boxes(body, outer.content, outer.end) if box.name == name)
        box = next(found, None)
        if box is None:
            return None
        outer = box
    return outer


def tracks(body: bytes) -> Iterator[Box]:
    """The boxes of the tracks of an MP4, by its index."""
    moov = next((box for box in boxes(body, 0, len(body)) if box.name == b"moov"), None)
    if moov is not None:
        yield from (box for box in boxes(body, moov.content, moov.end) if box.name == b"trak")


def number(body: bytes, at: int, until: int, form: struct.Struct = NUMBER) -> int:
    """The number at a place, of four bytes as a rule; 0 where it does not end by `until`."""
    if at + form.size > until:
        return 0
    return int(form.unpack_from(body, at)[0])


def indexed_ticks(body: bytes, trak: Box) -> int:
    """The ticks of all samples of a track that the index of the file has."""
    stts = inside(body, trak, b"mdia", b"minf", b"stbl", b"stts")
    if stts is None:
        return 0
    first = stts.content + 8
    pairs = max(0, stts.end - first) // 8
    counts_and_ticks = np.frombuffer(body, ">u4", 2 * pairs, first).reshape(-1, 2)
    return int(counts_and_ticks.prod(axis=1, dtype=np.int64).sum())
