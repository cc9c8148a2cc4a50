"""Heads with a length that nobody knows, or that is wrong: FFmpeg finds no sound then. Pure."""

import re
import struct

from adapters.audio import heads
from adapters.audio.boxes import HEAD, NUMBER, indexed_ticks, inside, outermost, tracks

AIFF_COUNT = re.compile(rb"%b.{0,4096}?COMM.{6}(?=[\x80-\xff])" % heads.AIFF, re.DOTALL)
"""Before a count of frames that FFmpeg takes for a negative one."""
MOST_FRAMES = b"\x7f\xff\xff\xff"
FRAGMENTS = b"mvex"
"""In a file of fragments an edit without a length is one to the end, and FFmpeg knows that."""
EDIT_OF_NOTHING = re.compile(rb"elst(?=\0{7}\x01\0{4}[\0-\x7f]|\x01\0{6}\x01\0{8}[\0-\x7f])")
ONE_EDIT = struct.Struct(">IIIiI")
"""A box of one edit: its version, the number of edits, a length, where it begins, a speed."""

INDEXES = (b"moov", b"moof")
INDEX = re.compile(rb".{4}moov.{4}mvhd", re.DOTALL)


def lengthened(body: bytes) -> bytes:
    """The file with lengths for which FFmpeg gives all its sound; any other file as it is."""
    if found := AIFF_COUNT.match(body):
        end = found.end()
        return body[:end] + MOST_FRAMES + body[end + len(MOST_FRAMES) :]
    if body[4:8] == heads.MP4 and FRAGMENTS not in body:
        return _edited(_indexed(EDIT_OF_NOTHING.sub(b"free", body)))
    return body


def _edited(body: bytes) -> bytes:
    """An MP4 without edits that begin behind the sound: its recorder wrote wrong lengths."""
    for trak in tracks(body):
        edits = inside(body, trak, b"edts", b"elst")
        if edits and edits.end - edits.content == ONE_EDIT.size:
            _, count, _, begins, _ = ONE_EDIT.unpack_from(body, edits.content)
            if count == 1 and begins > 0 and begins >= indexed_ticks(body, trak):
                name = edits.at + NUMBER.size
                body = body[:name] + b"free" + body[name + NUMBER.size :]
    return body


def without_index(body: bytes) -> bytes:
    """The sound of an MP4 whose recorder died before it wrote an index; any other body as it is.

    Frames that say how long they are need none: those of AMR, as phones put them into 3gp.
    """
    if body[4:8] != heads.MP4 or any(name in body for name in INDEXES):
        return body
    sounds = (at for at, name in outermost(body) if name == b"mdat")
    return next((body[at + HEAD.size :] for at in sounds), body)


def _indexed(body: bytes) -> bytes:
    """An MP4 whose sound ends where its index begins: a recorder that died left another size."""
    sound_at = 0
    for at, name in outermost(body):
        if name == b"moov":
            return body
        if name == b"mdat":
            sound_at = at
    index = INDEX.search(body, sound_at + HEAD.size)
    if not sound_at or not index:
        return body
    box = HEAD.pack(index.start() - sound_at, b"mdat")
    return body[:sound_at] + box + body[sound_at + HEAD.size :]
