"""Where the packets of an upload are, by their own words. Only the first ones are decoded.

A packet follows the one before it, as a rule. A row of them is placed as one part.
"""

import math
import struct
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import av
from av.container import InputContainer

from adapters.audio.clocks import begins_s
from adapters.audio.places import JITTER_S, MOST, MOST_SECONDS, Tracks, samples_of
from adapters.audio.repeats import Packet
from adapters.audio.sound import frames
from schemas.audio import SAMPLE_RATE

DELAYED = frozenset({"asf"})
"""Formats of which no packet says that the decoder drops two frames, and has one more at the end:
62 to 128 ms."""
DROPPED = struct.Struct("<II")
"""FFmpeg's side data of a packet begins with the samples that its decoder drops from it on, and at
its end."""


@dataclass(slots=True)
class _Row:
    """Packets of a stream that follow each other, and are not placed yet. Times are ticks.

    `stamp` is that of the first one; None when the row follows what was placed before. `next` is
    that of a packet which would follow.
    """

    file: int
    track: int
    tick_s: float
    begins_s: float
    jitter: float
    most: float
    stamp: int | None = None
    next: float = math.nan
    length: int = 0
    last: "Packet | None" = None


@dataclass
class Extent:
    """`lies`: a packet held more, or less, than it said."""

    form: str = ""
    has_sound: bool = False
    said_s: float = 0.0
    lies: bool = False
    _tracks: Tracks = field(default_factory=Tracks)
    _is_enough: bool = False
    _container: InputContainer | None = None
    _is_heard: bool = False
    _rows: dict[av.AudioStream, _Row] = field(default_factory=dict)
    _dropped_s: defaultdict[int, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, file: int, track: int, packet: Packet) -> bool:
        """Takes the next packet; decodes those of each file until one gave sound.

        False when no more are needed.
        """
        row = self._rows.get(packet.stream)
        if row is None:
            row = self._begun(file, track, packet)
        duration = packet.duration or 0
        if duration > row.most:
            duration = 0  # an MP4 says so of the last sample before a jump of its time
        if packet.is_discard:
            self._place(row)
            self._drop(row, duration * row.tick_s)
            return True
        self.lies |= _is_of_no_length(row, packet)
        row.last = packet
        if not self._is_heard:
            self._listen(packet, (duration + 1) * row.tick_s)
        stamp = packet.pts
        if stamp is not None and not -row.jitter <= stamp - row.next <= row.jitter:
            self._place(row)
            row.stamp = row.next = stamp
        row.next += duration
        row.length += duration
        if row.length > row.most:
            self._place(row)
        return not self.lies and not self._is_enough

    def placed(self) -> Tracks:
        """The places of all packets so far. `lies` is known then."""
        for row in self._rows.values():
            self._place(row)
        return self._tracks

    def _place(self, row: _Row) -> None:
        """Gives the packets of the row their place. The next one begins another row.

        Sound that the file's editor cut off, or that a decoder drops at the beginning, has no
        place: the decoder alone needs it.
        """
        length_s = row.length * row.tick_s
        dropped_s = self._drop(row, length_s)
        stamp_s: float | None = None
        if row.stamp is not None:
            stamp_s = row.stamp * row.tick_s + dropped_s - row.begins_s
        length = samples_of(stamp_s, length_s - dropped_s)
        places = self._tracks.of_file(row.file, row.track)
        if length or not dropped_s:
            places.place(stamp_s, length)
            self.lies |= places.is_behind
        self._is_enough |= places.end > 2 * MOST
        row.stamp = None
        row.length = 0

    def _drop(self, row: _Row, length_s: float) -> float:
        """The seconds of what comes next that a decoder still has to drop."""
        dropped_s = min(self._dropped_s[row.track], length_s)
        self._dropped_s[row.track] -= dropped_s
        return dropped_s

    def _begun(self, file: int, track: int, packet: Packet) -> _Row:
        """The row of a stream that was not seen before."""
        stream = packet.stream
        container = stream.container
        assert isinstance(container, InputContainer)
        if container is not self._container:
            self.placed()
            self._rows.clear()
            self._container = container
            self._is_heard = False
            if not self.has_sound:
                self.form = container.format.name
            self.lies |= self.form in DELAYED
            duration = container.duration or 0
            self.said_s += float(duration / av.time_base)
        self._dropped_s[track] += _dropped_s(packet)[0]
        tick_s = float(stream.time_base or 0)  # a fraction is slow
        ticks = 1 / tick_s if tick_s else math.inf
        most = MOST_SECONDS * ticks
        row = _Row(file, track, tick_s, begins_s(stream), JITTER_S * ticks, most)
        self._rows[stream] = row
        return row

    def _listen(self, packet: Packet, most_s: float) -> None:
        """Decodes a packet, which says that it holds no more than that."""
        heard = frames(packet)
        if not heard:
            return
        self._is_heard = self.has_sound = True
        self.lies |= _seconds(heard) > most_s


def _is_of_no_length(row: _Row, packet: Packet) -> bool:
    """Whether a packet says nothing of its length, or counts what is dropped at its end.

    Behind a configuration within an FLV no packet has one. A track's last packet alone is asked for
    what is dropped: to ask takes longer than all else that is done here with a packet.
    """
    if not packet.size:
        return _is_cut_off(row) or _is_dropped(row)
    # Of the first one it may not be known yet.
    return not packet.duration and row.last is not None


def _is_dropped(row: _Row) -> bool:
    """Whether the end of a track's last packet is dropped, and counts in its length."""
    return row.last is not None and _dropped_s(row.last)[1] > JITTER_S


def _is_cut_off(row: _Row) -> bool:
    """Whether the last packet of a track is a long one, and holds much less than it says."""
    last = row.last
    length_s = (last.duration or 0) * row.tick_s if last else 0.0
    if last is None or length_s <= JITTER_S:
        return False
    return _seconds(frames(last)) < length_s - JITTER_S


def _seconds(heard: Iterable[av.AudioFrame]) -> float:
    return sum(frame.samples / frame.sample_rate for frame in heard)


def _dropped_s(packet: Packet) -> tuple[float, float]:
    """Seconds that the decoder drops from this packet on, and at its end."""
    if not packet.has_sidedata("skip_samples"):
        return 0.0, 0.0
    side_data = bytes(packet.get_sidedata("skip_samples"))
    first, last = DROPPED.unpack_from(side_data)
    rate = packet.stream.sample_rate or SAMPLE_RATE
    return first / rate, last / rate
