"""MPEG transport streams whose sound is encoded in another way half way are heard to their end."""

from collections.abc import Callable
from itertools import permutations

import numpy as np
import pytest

from adapters.audio import transport
from adapters.audio.decoding import decode, measure
from schemas.audio import SAMPLES_PER_MS
from tests.made_once import MadeOnce
from tests.odd_audio import encoded, heard_at
from tests.odd_recordings import A48, ALL, B48, HALF, SPEECH_MS

CODECS = ("aac", "mp2", "libopus", "ac3", "eac3", "libmp3lame")
PID = 0x100
MP2 = 0x03


def half(codec: str, number: int, start_s: float = 0.0, pid: int = PID) -> bytes:
    samples = (A48, B48)[number]
    return encoded("mpegts", codec, samples[None], 48_000, start_s, mpegts_start_pid=str(pid))


def made(codec: str, number: int) -> Callable[[], bytes]:
    return lambda: half(codec, number)


FIRST = MadeOnce({codec: made(codec, 0) for codec in CODECS})
SECOND = MadeOnce({codec: made(codec, 1) for codec in CODECS})


def is_heard(body: bytes) -> None:
    samples = decode(body).samples()
    heard = heard_at(samples)
    assert len(heard) == len(ALL), heard
    assert np.abs(np.array(heard) - ALL).max() * 1000 <= 2 * SPEECH_MS, heard
    assert measure(body).end_ms == pytest.approx(len(samples) / SAMPLES_PER_MS, abs=SPEECH_MS)


@pytest.mark.parametrize(("first", "second"), list(permutations(CODECS, 2)))
def test_the_codec_changes_half_way(first: str, second: str) -> None:
    """Before, nothing behind the change was heard, though it was measured."""
    is_heard(FIRST[first] + SECOND[second])


@pytest.mark.parametrize("start_s", [0, HALF + 0.5, 3_600])
def test_the_clock_may_go_on(start_s: float) -> None:
    is_heard(FIRST["aac"] + half("mp2", 1, start_s))


def test_the_sound_may_go_on_in_other_packets() -> None:
    is_heard(FIRST["aac"] + half("aac", 1, pid=PID + 7))


def test_the_codec_changes_and_the_end_is_cut_off() -> None:
    body = FIRST["aac"] + SECOND["ac3"][: -len(SECOND["ac3"]) // 3]
    heard = heard_at(decode(body).samples())
    assert np.abs(np.array(heard) - ALL[: len(heard)]).max() * 1000 <= 2 * SPEECH_MS
    assert len(heard) >= HALF + 3


@pytest.mark.parametrize("lost", [1, 7, 188, 200])
def test_a_stream_may_begin_within_a_packet(lost: int) -> None:
    """Before, the change was not found then: the first packet is none."""
    samples = decode((FIRST["aac"] + SECOND["mp2"])[lost:]).samples()
    assert heard_at(samples)[-1] == pytest.approx(ALL[-1], abs=0.1)


def test_a_table_that_is_said_again_or_damaged_begins_nothing() -> None:
    body = FIRST["aac"] + SECOND["aac"]
    assert list(transport.streams(body)) == [0]
    other = FIRST["aac"] + SECOND["mp2"]
    assert list(transport.streams(other)) == [0, len(FIRST["aac"]) + transport.SIZE]
    tables = other.index(bytes([MP2, 0xE1, 0x00]))
    damaged = other[:tables] + b"\x04" + other[tables + 1 :]
    assert len(list(transport.streams(damaged))) == 2


def test_a_silence_of_the_sign_of_a_packet_is_no_stream() -> None:
    assert transport.mended(b"RIFF" + b"G" * 5_000) == b"RIFF" + b"G" * 5_000


@pytest.mark.parametrize("size", [1, 188, 189, 400])
def test_a_short_stream_is_one(size: int) -> None:
    assert list(transport.streams(FIRST["aac"][:size])) == [0]
