"""MP4 files whose index says wrong lengths of packets: recorders that die or pause write such."""

import struct
from collections.abc import Callable

import numpy as np
import pytest

from adapters.audio import adts, framed, latm
from adapters.audio.decoding import decode, measure
from schemas.audio import SAMPLES_PER_MS
from tests.odd_audio import SECONDS, aac, encoded, heard_at
from tests.odd_recordings import A44, ALL, B48, M4A, SPEECH_MS

PAIR = struct.Struct(">II")
"""A count of packets, and the ticks of each of them."""
Ticks = Callable[[int], int]


def saying(first: Ticks, last: Ticks) -> bytes:
    """The recording, whose index says other lengths of most packets, and of the last one."""
    body = bytearray(M4A)
    at = M4A.index(b"stts") + 12
    for place, ticks_of in ((at, first), (at + PAIR.size, last)):
        count, ticks = PAIR.unpack_from(body, place)
        PAIR.pack_into(body, place, count, ticks_of(ticks))
    return bytes(body)


def right(ticks: int) -> int:
    return ticks


SAID = {
    "all are nothing": saying(lambda _: 0, lambda _: 0),
    "all are a tick": saying(lambda _: 1, lambda _: 1),
    "all are a little short": saying(lambda _: 960, right),
    "the last one is ten seconds": saying(right, lambda _: 480_000),
    "the last one is nothing": saying(right, lambda _: 0),
    "the last one is as long as can be": saying(right, lambda _: 0xFFFFFFFF),
}


@pytest.mark.parametrize("kind", SAID)
def test_all_of_it_is_heard_and_measured_as_long_as_it_is(kind: str) -> None:
    """Before, 20 ms were heard where all are nothing, and 0.6 s, or ten, were measured wrong."""
    samples = decode(SAID[kind]).samples()
    heard = heard_at(samples)
    assert len(heard) == SECONDS, heard
    assert np.abs(np.array(heard) - ALL).max() * 1000 <= SPEECH_MS, heard
    measured_ms = measure(SAID[kind]).end_ms
    assert measured_ms == pytest.approx(len(samples) / SAMPLES_PER_MS, abs=SPEECH_MS)


def test_millions_of_frames_are_not_walked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before, sixteen megabytes of frames of eight bytes took half a minute."""
    of_latm = encoded("latm", "aac", A44[None], 44_100) + encoded("latm", "aac", B48[None], 48_000)
    of_adts = encoded("adts", "aac", A44[None], 44_100) + aac(B48[None], "adts")
    with_junk = of_adts + bytes(100) + of_adts
    assert len(list(latm.streams(of_latm))) == len(list(adts.streams(of_adts))) == 2
    assert adts.mended(with_junk) != with_junk
    for module in (framed, latm):
        monkeypatch.setattr(module, "MOST_FRAMES", 100)
    assert len(list(latm.streams(of_latm))) == len(list(adts.streams(of_adts))) == 1
    assert adts.mended(with_junk) == with_junk
