"""One fragment of an MP4: the words of its head, and its bytes at another place. Pure."""

import struct
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from adapters.audio.boxes import HEAD, LARGE, NUMBER, Box, box_at, boxes, inside, number
from schemas.limits import MIB

BASE = 0x000001
INDEX = 0x000002
DEFAULT_LENGTH = 0x000008
"""Flags of the box tfhd: fields that it has."""
OFFSET = 0x000001
FIRST_FLAGS = 0x000004
LENGTHS = 0x000100
PER_SAMPLE = (LENGTHS, 0x000200, 0x000400, 0x000800)
"""Flags of the box trun."""
MOST_LOST = MIB
"""Bytes of data that may be gone from a fragment."""
PARTS = frozenset({b"mfhd", b"traf", b"pssh", b"meta", b"uuid", b"free", b"skip"})
"""Boxes of a head, and those between it and its data. Its own size may be damaged."""


class Track(NamedTuple):
    """A track: its ticks a second, and the ticks of a sample that names none.

    `indexed`: the ticks of all samples that the index of the file has, in front of its fragments.
    """

    ticks: int
    sample: int
    is_sound: bool
    indexed: int


class Said(NamedTuple):
    """The words of a head about a track. Its `_at` are places in the head, 0 for no such word.

    Its data begins at `begins`, counted from the beginning of the file where `base_at` is a place.
    """

    track: int
    is_sound: bool
    time_at: int
    time_form: struct.Struct
    time: int
    length: int
    base_at: int
    base: int
    begins: int


class Fragment(NamedTuple):
    """A head and its data: places in a body. `claim` is the box of the data by its own words."""

    at: int
    moof: int
    """The size of the head itself; other boxes may follow before the data."""
    claim: Box
    end: int
    """Where the data ends that is there."""
    said: tuple[Said, ...]

    @property
    def lost(self) -> int:
        """Bytes of the data that are not there."""
        return max(0, self.claim.end - self.end)

    @property
    def sound(self) -> Said:
        """The words about its first track of sound."""
        return next(said for said in self.said if said.is_sound)

    @property
    def begins(self) -> int:
        """Where its data begins in the file, by its own words."""
        counted = (said.begins for said in self.said if said.base_at)
        return min(counted, default=self.claim.content)

    def key(self, body: bytes) -> object:
        """Equal for what may be the same fragment, sent again."""
        if not self.sound.time_at:
            return self.head(body)
        return tuple((said.track, said.time, said.length) for said in self.said)

    def head(self, body: bytes) -> bytes:
        """All that is in front of the data."""
        return body[self.at : self.claim.at]

    def data(self, body: bytes) -> bytes:
        """As much of the data as there is."""
        return body[self.claim.content : self.end]

    def moved(self, body: bytes, at: int, later_s: float, tracks: Mapping[int, Track]) -> bytes:
        """The fragment at a place of a file, so many seconds later; with zeros for lost data."""
        head = bytearray(self.head(body))
        HEAD.pack_into(head, 0, self.moof, b"moof")
        data = self.data(body) + bytes(self.lost)
        head_of_data = self.claim.content - self.claim.at
        data = (_large(data) if head_of_data > HEAD.size else _small(data)) + data
        moved = at + len(head) + head_of_data - self.begins
        for said in self.said:
            if said.time_at and later_s:
                time = said.time + round(later_s * tracks[said.track].ticks)
                _put(head, said.time_at, said.time_form, max(0, time))
            if said.base_at:
                _put(head, said.base_at, LARGE, said.base + moved)
        return bytes(head) + data


def _put(head: bytearray, at: int, form: struct.Struct, value: int) -> None:
    """Writes a value, of which damage may have made one that is too large."""
    form.pack_into(head, at, value % (1 << 8 * form.size))


def _small(data: bytes) -> bytes:
    return HEAD.pack(HEAD.size + len(data), b"mdat")


def _large(data: bytes) -> bytes:
    return HEAD.pack(1, b"mdat") + LARGE.pack(HEAD.size + LARGE.size + len(data))


def parsed(
    body: bytes, at: int, until: int, tracks: Mapping[int, Track], most_lost: int = MOST_LOST
) -> Fragment | None:
    """The fragment whose head begins at `at`, and whose data ends by `until`.

    `most_lost`: bytes of its data that may be gone; more are a damaged size. None when there is no
    data, or nothing of a track of sound.
    """
    said: list[Said] = []
    end = at
    place = at + HEAD.size
    while (box := box_at(body, place)) and box.name in PARTS and box.end <= until:
        if box.name == b"traf":
            found = _said(body, box, at, tracks)
            said += [found] if found else []
        if box.name in (b"mfhd", b"traf"):
            end = box.end
        place = box.end
    if box is None or box.name != b"mdat" or not any(one.is_sound for one in said):
        return None
    data_end = min(box.end, until)
    if box.end - data_end > most_lost or not number(body, box.at, until):
        box = box._replace(end=data_end)  # its size is damaged, or none is said
    return Fragment(at, end - at, box, data_end, tuple(said))


def _said(body: bytes, traf: Box, head: int, tracks: Mapping[int, Track]) -> Said | None:
    """The words of a head about one track; None when nobody knows it."""
    tfhd = inside(body, traf, b"tfhd")
    if tfhd is None or number(body, tfhd.content + 4, tfhd.end) not in tracks:
        return None
    track = number(body, tfhd.content + 4, tfhd.end)
    flags = number(body, tfhd.content, tfhd.end)
    base_at = tfhd.content + 8
    base = number(body, base_at, tfhd.end, LARGE) if flags & BASE else 0
    length_at = base_at + 8 * bool(flags & BASE) + 4 * bool(flags & INDEX)
    length = tracks[track].sample
    if flags & DEFAULT_LENGTH:
        length = number(body, length_at, tfhd.end)
    runs = [box for box in boxes(body, traf.content, traf.end) if box.name == b"trun"]
    lengths = sum(_length(body, run, length) for run in runs)
    begins = min((base + _offset(body, run) for run in runs), default=base)
    time_at, time_form, time = _time(body, traf)
    return Said(
        track,
        tracks[track].is_sound,
        time_at - head if time_at else 0,
        time_form,
        time,
        lengths,
        base_at - head if flags & BASE else 0,
        base,
        begins,
    )


def _time(body: bytes, traf: Box) -> tuple[int, struct.Struct, int]:
    """Where the time is, its form, and the time; the place is 0 when none is said."""
    tfdt = inside(body, traf, b"tfdt")
    if tfdt is None or tfdt.content + 8 > tfdt.end:
        return 0, NUMBER, 0
    at = tfdt.content + 4
    is_large = body[tfdt.content] == 1 and at + LARGE.size <= tfdt.end
    form = LARGE if is_large else NUMBER
    return at, form, int(form.unpack_from(body, at)[0])


def _offset(body: bytes, run: Box) -> int:
    flags = number(body, run.content, run.end)
    return number(body, run.content + 8, run.end) if flags & OFFSET else 0


def _length(body: bytes, run: Box, sample: int) -> int:
    """The ticks of all samples of a run; those that say none last `sample`."""
    flags = number(body, run.content, run.end)
    count = number(body, run.content + 4, run.end)
    if not flags & LENGTHS:
        return count * sample
    at = run.content + 8 + 4 * bool(flags & OFFSET) + 4 * bool(flags & FIRST_FLAGS)
    width = sum(1 for flag in PER_SAMPLE if flags & flag)
    there = min(count * width, (run.end - at) // NUMBER.size)
    if there <= 0:
        return 0
    words = np.frombuffer(body, ">u4", there, at)
    return int(words[::width].sum(dtype=np.int64))
