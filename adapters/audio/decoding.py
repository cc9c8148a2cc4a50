"""One upload decoded, or measured. For the child alone: FFmpeg reads strangers' bytes.

Time stamps keep everything where it was said.
"""

import av
import numpy as np

from adapters.audio.answers import Decoded, Measured, Samples
from adapters.audio.places import MOST, MOST_SECONDS, Places
from adapters.audio.sound import frames, opened, packets, parts, seconds
from schemas.audio import SAMPLE_RATE, SAMPLES_PER_MS
from schemas.ranges import Ranges

DROPOUT_MS = 2_000
"""A recorder that writes nothing, or digital zeros, for so long did not record."""
ZERO = 1e-5
"""Decoders of lossy codecs make less than this of digital zeros; a room is louder."""


def decode(body: bytes) -> Decoded:
    """All that can be decoded, where its time stamps put it.

    Raises OverflowError for more than a chunk can have, and one of BROKEN when nothing decodes.
    """
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
    timeline = np.zeros(places.end, np.float32)
    for at, samples in laid:
        timeline[at : at + len(samples)] = samples
    first_ms = places.taken[0][0] // SAMPLES_PER_MS
    return Decoded(first_ms, _not_recorded(timeline), timeline.tobytes())


def measure(body: bytes) -> Measured:
    """The kind and the extent of a file whose sound can be decoded. Only its beginning is decoded.

    Raises one of BROKEN when nothing decodes.
    """
    places = Places()
    form = ""
    said_s = 0.0
    for container in opened(body):
        said_s += float((container.duration or 0) / av.time_base)
        for packet in packets(container):
            if not form and frames(packet):
                form = container.format.name
            length_s = float((packet.duration or 0) * packet.time_base)
            places.place(seconds(packet), round(length_s * SAMPLE_RATE))
            if places.end > 2 * MOST:
                break  # hours in a few megabytes: nobody needs to know how many
    if not form or not places.taken:
        raise ValueError("no sound")
    first_ms = places.taken[0][0] // SAMPLES_PER_MS
    end_ms = -(-places.end // SAMPLES_PER_MS)
    return Measured(form, first_ms, end_ms, round(said_s * 1000))


def _not_recorded(timeline: Samples) -> Ranges:
    """Spans of digital zeros, in ms, that no pause of people has."""
    is_zero = np.abs(timeline) <= ZERO
    edges = np.flatnonzero(np.diff(is_zero, prepend=False, append=False))
    spans = zip(edges[::2] // SAMPLES_PER_MS, edges[1::2] // SAMPLES_PER_MS, strict=True)
    return tuple((int(start), int(end)) for start, end in spans if end - start >= DROPOUT_MS)
