"""One upload decoded, or measured. For the child alone: FFmpeg reads strangers' bytes.

Time stamps keep everything where it was said.
"""

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from adapters.audio.answers import Decoded, Measured, Samples
from adapters.audio.downmix import mono
from adapters.audio.extent import Extent
from adapters.audio.joined import opened
from adapters.audio.opening import NoSoundError
from adapters.audio.places import MOST, MOST_SECONDS, Moved, Tracks
from adapters.audio.sound import packets, parts
from schemas.audio import SAMPLES_PER_MS, whole_ms
from schemas.ranges import Ranges, union

DROPOUT_MS = 2_000
"""A recorder that writes nothing, or one number, for so long did not record."""
ZERO = 1e-5
"""Decoders of lossy codecs make less than this of digital zeros; a room is louder."""


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
    extent = Extent()
    for file, track, packet in packets(opened(body)):
        if not extent.add(file, track, packet):
            break  # hours in a few megabytes: nobody needs to know how many
    tracks = extent.placed()
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
