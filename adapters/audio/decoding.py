"""One upload decoded, or measured. For the child alone: FFmpeg reads strangers' bytes.

Time stamps keep everything where it was said.
"""

import struct
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace

import av
import numpy as np
from av.container import InputContainer
from numpy.typing import NDArray

from adapters.audio.answers import Decoded, Measured, Samples
from adapters.audio.clocks import begins_s
from adapters.audio.downmix import mono
from adapters.audio.joined import opened
from adapters.audio.opening import NoSoundError
from adapters.audio.places import JITTER_S, MOST, MOST_SECONDS, Moved, Tracks, samples_of
from adapters.audio.repeats import Packet
from adapters.audio.sound import frames, packets, parts
from schemas.audio import SAMPLE_RATE, SAMPLES_PER_MS, whole_ms
from schemas.ranges import Ranges, union

DROPOUT_MS = 2_000
"""A recorder that writes nothing, or one number, for so long did not record."""
ZERO = 1e-5
"""Decoders of lossy codecs make less than this of digital zeros; a room is louder."""
BACK = SAMPLE_RATE
"""Time stamps that go back by less: the packets before them said too much of themselves."""
DROPPED = struct.Struct("<I")
"""FFmpeg's side data of a packet begins with the samples that its decoder drops from it on."""


@dataclass(frozen=True)
class _Laid:
    """A part of a file at its place in its track, in samples."""

    track: int
    at: int
    samples: Samples

    def moved(self, track: int, back: Moved) -> "_Laid":
        """The part, moved back with the others of its track."""
        if track != self.track or not back.start <= self.at < back.end:
            return self
        return replace(self, at=self.at - back.by)


@dataclass
class _Extent:
    """Where the packets of a file are, by themselves. `lies`: one held more, or less, than said."""

    tracks: Tracks = field(default_factory=Tracks)
    form: str = ""
    has_sound: bool = False
    said_s: float = 0.0
    lies: bool = False
    _container: InputContainer | None = None
    _is_heard: bool = False
    _ticks_s: dict[av.AudioStream, float] = field(default_factory=dict)
    _begins_s: dict[av.AudioStream, float] = field(default_factory=dict)
    _last: dict[av.AudioStream, Packet] = field(default_factory=dict)
    _dropped_s: defaultdict[int, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, file: int, track: int, packet: Packet) -> bool:
        """Takes the next packet; decodes those of each file until one gave sound.

        False when no more are needed.

        Sound that the file's editor cut off, or that a decoder drops at the beginning, has no
        place: the decoder alone needs it.
        """
        tick_s = self._ticks_s.get(packet.stream)
        if tick_s is None:
            tick_s = self._begun(packet.stream)
            self._dropped_s[track] += _dropped_s(packet)
        duration_s = (packet.duration or 0) * tick_s
        if duration_s > MOST_SECONDS:
            duration_s = 0.0  # an MP4 says so of the last sample before a jump of its time
        dropped_s = 0.0
        if left_s := self._dropped_s[track]:
            dropped_s = min(left_s, duration_s)
            self._dropped_s[track] = left_s - dropped_s
        if packet.is_discard:
            return True
        if not packet.size:
            self.lies |= self._is_cut_off(packet.stream)
        self._last[packet.stream] = packet
        if not self._is_heard:
            self._listen(packet, round(duration_s * SAMPLE_RATE))
        stamp_s: float | None = None
        if packet.pts is not None and tick_s > 0:
            stamp_s = packet.pts * tick_s + dropped_s - self._begins_s[packet.stream]
        length = samples_of(stamp_s, duration_s - dropped_s)
        places = self.tracks.of_file(file, track)
        shift = places.shift
        if length or not dropped_s:
            places.place(stamp_s, length)
        if 0 < places.shift - shift < BACK:
            self.lies = True
        return not self.lies and places.end <= 2 * MOST

    def _begun(self, stream: av.AudioStream) -> float:
        """The seconds of a tick of a stream that was not seen before: a fraction is slow."""
        container = stream.container
        assert isinstance(container, InputContainer)
        if container is not self._container:
            self._container = container
            self._is_heard = False
            if not self.has_sound:
                self.form = container.format.name
            duration = container.duration or 0
            self.said_s += float(duration / av.time_base)
        tick_s = float(stream.time_base or 0)
        self._ticks_s[stream] = tick_s
        self._begins_s[stream] = begins_s(stream)
        return tick_s

    def _is_cut_off(self, stream: av.AudioStream) -> bool:
        """Whether the last packet of a track is a long one, and cannot be decoded."""
        last = self._last.get(stream)
        if last is None or (last.duration or 0) * self._ticks_s[stream] <= JITTER_S:
            return False
        return not frames(last)

    def _listen(self, packet: Packet, length: int) -> None:
        """Decodes a packet, which says that it holds `length` samples."""
        heard = frames(packet)
        if not heard:
            return
        self._is_heard = self.has_sound = True
        heard_s = sum(frame.samples / frame.sample_rate for frame in heard)
        self.lies = heard_s * SAMPLE_RATE > 1.5 * length


def _dropped_s(packet: Packet) -> float:
    """Seconds that the decoder drops from this packet on, the first one of its stream."""
    if not packet.has_sidedata("skip_samples"):
        return 0.0
    side_data = bytes(packet.get_sidedata("skip_samples"))
    [samples] = DROPPED.unpack_from(side_data)
    return float(samples / (packet.stream.sample_rate or SAMPLE_RATE))


def decode(body: bytes) -> Decoded:
    """All that can be decoded, where its time stamps put it; tracks are mixed as channels are.

    Raises OverflowError for more than a chunk can have, one of UNDECODABLE when nothing decodes.
    """
    tracks, laid = _laid(body)
    channels = np.zeros((max(tracks.of) + 1, tracks.end), np.float32)
    for part in laid:
        end = part.at + len(part.samples)
        channels[part.track, part.at : end] = part.samples
    timeline = mono(channels)
    missing = _not_recorded(timeline)
    return Decoded(tracks.first // SAMPLES_PER_MS, missing, timeline.tobytes())


def measure(body: bytes) -> Measured:
    """The kind and the extent of a file whose sound can be decoded. Only its beginning is decoded.

    All of it is decoded where packets hold more, or less, than they say. Raises OverflowError when
    that is too much, and one of UNDECODABLE when nothing decodes.
    """
    extent = _Extent()
    for file, track, packet in packets(opened(body)):
        if not extent.add(file, track, packet):
            break  # hours in a few megabytes: nobody needs to know how many
    tracks = extent.tracks
    if extent.lies:
        tracks, _ = _laid(body)
    elif not extent.has_sound:
        raise NoSoundError("no sound")
    return Measured(
        extent.form,
        first_ms=tracks.first // SAMPLES_PER_MS,
        end_ms=whole_ms(tracks.end),
        said_ms=round(extent.said_s * 1000),
    )


def _laid(body: bytes) -> tuple[Tracks, list[_Laid]]:
    """The places of each track, and all parts at their places."""
    tracks = Tracks()
    laid: list[_Laid] = []
    heard = Counter[int]()
    for stamp, samples, file, track in parts(opened(body), MOST_SECONDS):
        places = tracks.of_file(file, track)
        at = places.place(stamp, len(samples))
        if places.back:
            laid = [part.moved(track, places.back) for part in laid]
        laid.append(_Laid(track, at, samples))
        heard[track] += len(samples)
        if heard[track] > MOST or places.end > 2 * MOST:
            raise OverflowError
    if not laid:
        raise NoSoundError("no sound")
    return tracks, laid


def _not_recorded(timeline: Samples) -> Ranges:
    """Spans of digital zeros, or of any one number, in ms, that no pause of people has.

    The silence of A-law is no zero, and a sound card may add an offset. A slow wave has neighbours
    that are alike, too.
    """
    zeros = _spans(np.abs(timeline) <= ZERO)
    alike = _spans(np.abs(np.diff(timeline, prepend=0)) <= ZERO)
    of_one_number = [span for span in alike if np.ptp(timeline[slice(*span)]) <= 2 * ZERO]
    found = union([*zeros, *of_one_number])
    return tuple((start // SAMPLES_PER_MS, end // SAMPLES_PER_MS) for start, end in found)


def _spans(alike: NDArray[np.bool_]) -> Ranges:
    """Where samples are alike for so long that nobody recorded."""
    changes = np.diff(alike, prepend=False, append=False)
    edges = np.flatnonzero(changes).tolist()
    spans = zip(edges[::2], edges[1::2], strict=True)
    least = DROPOUT_MS * SAMPLES_PER_MS
    return tuple((start, end) for start, end in spans if end - start >= least)
