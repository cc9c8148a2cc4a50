"""Questions to the decoding child and its answers, and what they say of a timeline."""

import struct
import sys

import msgspec
import numpy as np
from numpy.typing import NDArray

from schemas.audio import BRIDGE_MS, SAMPLES_PER_MS, whole_ms
from schemas.limits import CHUNK_DURATION_MS
from schemas.ranges import Ranges, clip
from schemas.rejections import Reason, Rejected

Samples = NDArray[np.float32]
"""Float32 samples at 16 kHz; mono has shape (samples,), channels have (channels, samples)."""
HEAD = struct.Struct("<BQ")
"""A request: what is asked, and the length of the upload; before an answer: status and length."""
DONE = 0
REJECTED = 1
DEFECT = 2
"""Statuses: the answer follows, or a `Reason`, or the place of a defect of ours."""
CHILD = (sys.executable, "-m", "adapters.audio.child")
"""Its one argument is the descriptor of a `Handover`."""
PATIENCE_S = 30.0
"""A child that takes longer than this for one upload hangs, and is replaced."""
DECODE = 0
MEASURE = 1


class Measured(msgspec.Struct, frozen=True):
    """Where the sound of a file begins and ends by its own time stamps, in ms.

    `said_ms` is the length that its header names; 0 when it names none.
    """

    form: str
    first_ms: int
    end_ms: int
    said_ms: int

    def duration_ms(self, declared_ms: int) -> int:
        """How long the audio is on the session's timeline. The audio is trusted, not the phone.

        Where both nearly agree, the phone's number stands: its chunks follow each other by it. It
        also stands when the file's header says the same, and a part of the file is lost.
        """
        length_ms = self.end_ms - origin_ms(self.first_ms, self.end_ms, declared_ms)
        if abs(length_ms - declared_ms) <= BRIDGE_MS:
            return declared_ms
        header_agrees = abs(self.said_ms - declared_ms) <= BRIDGE_MS
        if header_agrees and length_ms < declared_ms:
            return declared_ms
        return max(1, length_ms)


class Decoded(msgspec.Struct, frozen=True):
    """All sound of a file. `first_ms`: where it begins. `missing`: spans that were not recorded."""

    first_ms: int
    missing: Ranges
    pcm: bytes

    def samples(self) -> Samples:
        """Mono, from the beginning of the file's own clock."""
        return np.frombuffer(self.pcm, dtype=np.float32)

    def placed(self, duration_ms: int) -> tuple[Samples, Ranges]:
        """Samples and missing spans (ms) of a chunk that lasts `duration_ms`, from its start."""
        samples = self.samples()
        end_ms = whole_ms(len(samples))
        origin = origin_ms(self.first_ms, end_ms, duration_ms)
        inside = clip(self.missing, origin, end_ms)
        missing = tuple((start - origin, end - origin) for start, end in inside)
        return samples[origin * SAMPLES_PER_MS :], missing


def check(status: int, payload: bytes, size: int) -> None:
    """Raises Rejected when the child answered with a reason."""
    if status == REJECTED:
        raise Rejected(Reason(payload.decode()), f"{size} bytes")


def origin_ms(first_ms: int, end_ms: int, duration_ms: int) -> int:
    """The moment of the file's own clock at which the chunk begins: its zero, as a rule.

    A piece of a longer recording may keep that one's clock: then nothing is missing before its
    first sample, and the chunk's duration says so.
    """
    if end_ms > CHUNK_DURATION_MS.most + BRIDGE_MS:
        return first_ms
    fits_from_zero = abs(end_ms - duration_ms) <= BRIDGE_MS
    fits_from_first = abs(end_ms - first_ms - duration_ms) <= BRIDGE_MS
    if fits_from_first and not fits_from_zero:
        return first_ms
    return 0
