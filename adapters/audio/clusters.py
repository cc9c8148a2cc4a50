"""Matroska and WebM: blocks of sound in clusters. Pure.

FFmpeg goes on with the next cluster where bytes are no block: five seconds behind, or at the end of
the file. Bytes that are no blocks are left out here, and blocks go on behind them.
"""

import re

from adapters.audio import heads
from schemas.ranges import Range

MATROSKA = re.compile(heads.MATROSKA, re.DOTALL)
NO_NUMBER = 9
"""Bytes of a number whose first byte is 0, which has no bit that says how many there are."""
SEGMENT = b"\x18S\x80g"
CLUSTER = b"\x1fC\xb6u"
BLOCK = 0xA3
GROUP = 0xA0
BLOCK_OF_GROUP = 0xA1
BLOCK_HEAD = 4
"""Bytes in front of the sound of a block: its track, its time, its flags."""
LATE = 100
"""Ticks, milliseconds as a rule, by which blocks of two tracks may be in the wrong order."""
NEVER = 1 << 15
LOOSE = frozenset(b"\xe7\xab\xa7\xec\xbf")
"""Elements of a cluster that may be anything: its time, and others. A wrong time moves blocks."""
SHORT = LOOSE | {BLOCK, GROUP}
"""All elements of a cluster whose names are one byte."""
LONG = frozenset(
    (
        CLUSTER,
        b"\x1cS\xbbk",
        b"\x12T\xc3g",
        b"\x11M\x9bt",
        b"\x15I\xa9f",
        b"\x16T\xaek",
        b"\x19A\xa4i",
        b"\x10C\xa7p",
    )
)
"""Clusters and elements that stand between and behind them."""
GOES_ON = re.compile(rb"[\xa3\xa0]|\x1fC\xb6u")
IN_A_ROW = 5
"""Elements that show where blocks go on."""
MOST_ELEMENTS = 150_000
"""More than an upload may have. Those behind them stay as they are."""
MOST_LOOKS = 50_000
"""Bytes that look like a block: six megabytes of noise have so many."""
OF_GROUP = frozenset(b"\xa1\x9b\xfb\xbf\xec")
"""Elements with which a group may begin: its block, its length, what it refers to, and others."""
TRACKS = range(0x81, 0x91)
"""The first byte of a block is the number of its track."""


def mended(body: bytes) -> bytes:
    """A file of which all blocks follow each other; any other file as it is."""
    if not MATROSKA.match(body):
        return body
    walk = _Walk(body)
    kept = walk.kept()
    if len(kept) == 1:
        return body
    patched = bytearray(body)
    segment = body.find(SEGMENT)
    sizes = [*walk.sizes, segment + len(SEGMENT)] if segment >= 0 else walk.sizes
    for at in sizes:
        width = _width(body[at])
        patched[at : at + width] = bytes([(1 << (NO_NUMBER - width)) - 1]) + b"\xff" * (width - 1)
    return b"".join(patched[start:end] for start, end in kept)


def _width(first: int) -> int:
    """Bytes of a name or a size, by the first one; NO_NUMBER where that is none."""
    return NO_NUMBER - first.bit_length()


def _first_cluster(body: bytes) -> int:
    """Where the clusters begin: behind elements that may name the sign of a cluster, too."""
    segment = body.find(SEGMENT)
    at = segment + len(SEGMENT)
    if segment >= 0 and at < len(body):
        at += _width(body[at])
    while at < len(body) and not body.startswith(CLUSTER, at):
        size_at = at + _width(body[at])
        width = _width(body[size_at]) if size_at < len(body) else NO_NUMBER
        if width == NO_NUMBER:
            break
        content = size_at + width
        at = content + _size(body, size_at, content)
    return at if body.startswith(CLUSTER, at) else max(0, body.find(CLUSTER))


def _size(body: bytes, at: int, content: int) -> int:
    """The size that stands at `at`, in front of the content."""
    return int.from_bytes(body[at:content], "big") & ((1 << 7 * (content - at)) - 1)


class _Walk:
    """From element to element of the clusters. `sizes` are the places of the clusters' sizes."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._looks = MOST_LOOKS
        self.sizes: list[int] = []

    def kept(self) -> list[Range]:
        """The spans of the body that are no damage."""
        body = self._body
        at = before = older = _first_cluster(body)
        kept: list[Range] = []
        start = 0
        for _ in range(MOST_ELEMENTS):
            end = self._end(at)
            is_odd = at < len(body) and body[at] in LOOSE and body[before] != CLUSTER[0]
            if end and not (is_odd and not self._is_row(end)):
                if body[at] == CLUSTER[0]:
                    self.sizes.append(at + len(CLUSTER))
                older = before
                before = at
                at = end
                continue
            found = self._next(before, self._earliest(older, before))
            if not found:
                break
            kept.append((start, at if found >= at else before))
            start = at = found
        return [*kept, (start, len(body))]

    def _end(self, at: int) -> int:
        """Where the element at `at` ends, or the content of a cluster begins; 0 without one."""
        body = self._body
        if at + 1 >= len(body):
            return 0
        if body[at] in SHORT:
            size_at = at + 1
        elif body[at : at + 4] in LONG:
            size_at = at + 4
        else:
            return 0
        width = _width(body[size_at]) if size_at < len(body) else NO_NUMBER
        content = size_at + width
        if width == NO_NUMBER or content >= len(body):
            return 0
        if body[at] == CLUSTER[0]:
            return content
        size = _size(body, size_at, content)
        if body[at] == BLOCK and (body[content] not in TRACKS or size <= BLOCK_HEAD):
            return 0
        if body[at] == GROUP and body[content] not in OF_GROUP:
            return 0
        return content + size if content + size <= len(body) else 0

    def _next(self, before: int, earliest: int) -> int:
        """Where blocks go on behind the beginning of an element; 0 where they do not.

        A block says its time within its cluster. One that is earlier than those before it is of a
        cluster whose head is lost: nobody knows where it belongs.
        """
        body = self._body
        for found in GOES_ON.finditer(body, before + 1):
            self._looks -= 1
            if self._looks < 0:
                break
            at = found.start()
            if self._is_row(at):
                if body[at] == CLUSTER[0] or self._time(at) >= earliest - LATE:
                    return at
                return max(0, body.find(CLUSTER, at))
        return 0

    def _earliest(self, older: int, before: int) -> int:
        """The time of the blocks before damage, of which the last one may be a part of it."""
        time = self._time(before)
        return time if self._body[before] == CLUSTER[0] else min(time, self._time(older))

    def _is_row(self, at: int) -> bool:
        for _ in range(IN_A_ROW):
            if at == len(self._body):
                break
            at = self._end(at)
            if not at:
                return False
        return True

    def _time(self, at: int) -> int:
        """Ticks of a block within its cluster; the most for a cluster, whose time is lost then."""
        body = self._body
        if body[at] == CLUSTER[0]:
            return NEVER
        content = at + 1 + _width(body[at + 1])
        if body[at] == GROUP and content + 1 < len(body):
            at = content
            content = at + 1 + _width(body[at + 1])
        if body[at] not in (BLOCK, BLOCK_OF_GROUP):
            return 0
        return int.from_bytes(body[content + 1 : content + 3], "big", signed=True)
