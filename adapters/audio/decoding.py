"""One upload decoded, or measured. For the child alone: FFmpeg reads strangers' bytes.

Time stamps keep everything where it was said.
"""

from dataclasses import dataclass, field

import av
import numpy as np
from av.container import InputContainer

from adapters.audio.answers import Decoded, Measured, Samples
from adapters.audio.places import MOST, MOST_SECONDS, Places
from adapters.audio.sound import Packet, frames, opened, packets, parts
from schemas.audio import SAMPLE_RATE, SAMPLES_PER_MS
from schemas.ranges import Ranges

DROPOUT_MS = 2_000
"""A recorder that writes nothing, or digital zeros, for so long did not record."""
ZERO = 1e-5
"""Decoders of lossy codecs make less than this of digital zeros; a room is louder."""


@dataclass
class _Extent:
    """Where the packets of a file are, by themselves. `lies`: one held more than it said."""

    places: Places = field(default_factory=Places)
    form: str = ""
    said_s: float = 0.0
    lies: bool = False
    _container: InputContainer | None = None
    _tick_s: float = 0.0

    def add(self, packet: Packet) -> None:
        """Takes the next packet; decodes it until one gave sound."""
        container = packet.stream.container
        assert isinstance(container, InputContainer)
        if container is not self._container:
            self._container = container
            self._tick_s = float(packet.stream.time_base or 0)  # a fraction: slow to multiply by
            self.said_s += float((container.duration or 0) / av.time_base)
        length = round((packet.duration or 0) * self._tick_s * SAMPLE_RATE)
        if not self.form and (heard := frames(packet)):
            self.form = container.format.name
            heard_s = sum(frame.samples / frame.sample_rate for frame in heard)
            self.lies = heard_s * SAMPLE_RATE > 1.5 * length
        has_stamp = packet.pts is not None and self._tick_s > 0
        self.places.place((packet.pts or 0) * self._tick_s if has_stamp else None, length)


def decode(body: bytes) -> Decoded:
    """All that can be decoded, where its time stamps put it.

    Raises OverflowError for more than a chunk can have, and one of BROKEN when nothing decodes.
    """
    places, laid = _laid(body)
    timeline = np.zeros(places.end, np.float32)
    for at, samples in laid:
        timeline[at : at + len(samples)] = samples
    return Decoded(
        places.first // SAMPLES_PER_MS,
        _not_recorded(timeline),
        timeline.tobytes(),
    )


def measure(body: bytes) -> Measured:
    """The kind and the extent of a file whose sound can be decoded. Only its beginning is decoded.

    All of it is decoded where a packet holds more than it says. Raises OverflowError for that, and
    one of BROKEN when nothing decodes.
    """
    extent = _Extent()
    for packet in packets(opened(body)):
        extent.add(packet)
        if extent.lies or extent.places.end > 2 * MOST:
            break  # hours in a few megabytes: nobody needs to know how many
    places = _laid(body)[0] if extent.lies else extent.places
    if not extent.form or not places.taken:
        raise ValueError("no sound")
    end_ms = -(-places.end // SAMPLES_PER_MS)
    first_ms = places.first // SAMPLES_PER_MS
    return Measured(extent.form, first_ms, end_ms, round(extent.said_s * 1000))


def _laid(body: bytes) -> tuple[Places, list[tuple[int, Samples]]]:
    places = Places()
    laid: list[tuple[int, Samples]] = []
    heard = 0
    for stamp, samples in parts(opened(body), MOST_SECONDS):
        heard += len(samples)
        laid.append((places.place(stamp, len(samples)), samples))
        if heard > MOST or places.end > 2 * MOST:
            raise OverflowError
    if not laid:
        raise ValueError("no sound")
    return places, laid


def _not_recorded(timeline: Samples) -> Ranges:
    """Spans of digital zeros, in ms, that no pause of people has."""
    is_zero = np.abs(timeline) <= ZERO
    edges = np.flatnonzero(np.diff(is_zero, prepend=False, append=False))
    spans = zip(
        edges[::2] // SAMPLES_PER_MS,
        edges[1::2] // SAMPLES_PER_MS,
        strict=True,
    )
    return tuple((int(start), int(end)) for start, end in spans if end - start >= DROPOUT_MS)
