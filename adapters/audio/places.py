"""Where the parts of a file belong: their time stamps rule, not their order. Pure.

Recorders leave packets out in silence, are suspended, and send packets late. The time stamps say
so. Where they go back to the beginning, another recording was joined, and follows.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from schemas.audio import SAMPLE_RATE
from schemas.ranges import Ranges, add, clip, size

JITTER_S = 0.04
"""Parts that are less apart are one: encoders and containers round their time stamps."""
JITTER = int(JITTER_S * SAMPLE_RATE)
BACK_S = 1.0
"""Stamps that go back by less do not begin anew: packets came together, or said too much."""
BACK = int(BACK_S * SAMPLE_RATE)
MOST_SECONDS = 180
"""A chunk may last 120 s by contract; one that decodes to more than this is a bomb."""
MOST = MOST_SECONDS * SAMPLE_RATE


def samples_of(stamp: float | None, seconds: float) -> int:
    """The length of a part in samples, by where it begins (s) and how long it is.

    Its end is rounded, and not its length: half a sample too much in each packet adds up to 0.2 s.
    """
    begins = stamp or 0.0
    return round((begins + seconds) * SAMPLE_RATE) - round(begins * SAMPLE_RATE)


class Moved(NamedTuple):
    """Parts in [start, end) were moved back by so many samples."""

    start: int
    end: int
    by: int


@dataclass
class Places:
    """Lengths and positions are samples at 16 kHz.

    `back`: parts that the last call of `place` moved. They had jumped ahead, and what followed them
    is where it is without a jump: their stamps were wrong.

    Nearly every part follows the one before it. The last range is two numbers, so that such a part
    costs an addition.
    """

    shift: int = 0
    end: int = 0
    """After the last part so far."""
    back: Moved | None = None
    is_behind: bool = False
    """Whether the stamp of the last part was a little behind the place that it got."""
    _last: int = 0
    """Where the last range begins, which goes to `end`."""
    _before: Ranges = ()
    """The ranges before the last one."""
    _from: int = 0
    """Nothing of the present file belongs before it."""
    _ahead: tuple[int, int] | None = None
    """Where the last jump ahead began, and where it went."""
    _shift_before: int = 0
    """The shift before the last one: a stamp alone may be wrong, and those behind it right."""

    def begin_file(self, at: int) -> None:
        """Another file was joined. Nothing of it belongs before `at`, where all of before ends."""
        self._from = at
        self._ahead = None
        if self.end < at:
            self._before = self.taken
            self._last = self.end = at

    @property
    def taken(self) -> Ranges:
        """Where parts are."""
        return add(self._before, self._last, self.end)

    @property
    def first(self) -> int:
        """Where the first part begins."""
        return self._before[0][0] if self._before else self._last

    def place(self, stamp: float | None, length: int) -> int:
        """Where a part with this time stamp (s) begins. Without one it follows the last part.

        A part belongs where its stamp says while nothing is there, and a jump is no longer than a
        chunk may be. Else it follows the last part. The stamps begin anew there, unless they are
        just a little behind: a recorder that stamps what came at once alike is right later on.
        """
        end = self.end
        self.back = None
        self.is_behind = False
        if stamp is not None:
            at = round(stamp * SAMPLE_RATE) + self.shift
            if not -JITTER <= at - end <= JITTER:
                return self._jump(at, length)
        self.end = end + length
        return end

    def _jump(self, at: int, length: int) -> int:
        self._take_back(at)
        end = self.end
        if self.back:
            self.end += length
            return end
        if abs(at - self.shift + self._shift_before - end) <= JITTER:
            self.shift = self._shift_before
            self.end += length
            return end
        if at < self._from or at > end + MOST or self._is_taken(at, length):
            self.is_behind = 0 < end - at < BACK
            if not self.is_behind:
                self._shift_before = self.shift
                self.shift += end - at
            self.end += length
            return end
        if length:
            *before, (self._last, self.end) = add(self.taken, at, at + length)
            self._before = tuple(before)
            self._ahead = (end, at) if at > end else None
        return at

    def _take_back(self, at: int) -> None:
        """Move the parts of the last jump ahead to where it began, if the one at `at` follows."""
        if self._ahead is None:
            return
        begun, jumped = self._ahead
        length = self.end - jumped
        if jumped == self._last and abs(at - begun - length) <= JITTER:
            self.back = Moved(jumped, self.end, jumped - begun)
            *before, (self._last, self.end) = add(self._before, begun, begun + length)
            self._before = tuple(before)
        self._ahead = None

    def _is_taken(self, at: int, length: int) -> bool:
        shared = size(clip(self.taken, at, at + length))
        return shared > min(JITTER, length // 2)


@dataclass
class Tracks:
    """The places of each track of an upload. The tracks of a file begin together, as channels do.

    A file that was joined to another one follows behind all tracks of that one.
    """

    of: dict[int, Places] = field(default_factory=dict)
    _file: int = 0
    _from: int = 0

    def of_file(self, file: int, track: int) -> Places:
        """The places of a track of the file with this number; files come in their order."""
        if file != self._file:
            self._file = file
            self._from = self.end
            for places in self.of.values():
                places.begin_file(self._from)
        if track not in self.of:
            self.of[track] = Places()
            self.of[track].begin_file(self._from)
        return self.of[track]

    @property
    def end(self) -> int:
        """Where the longest track ends."""
        return max((places.end for places in self.of.values()), default=0)

    @property
    def first(self) -> int:
        """Where the first part of all begins. Raises ValueError when there is none."""
        return min(places.first for places in self.of.values() if places.taken)
