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
OTHER_PID = {"mpegts_start_pid": str(PID + 7)}


def half(codec: str, number: int, start_s: float = 0.0, **options: str) -> bytes:
    samples = (A48, B48)[number]
    return encoded("mpegts", codec, samples[None], 48_000, start_s, **options)


def made(codec: str, number: int) -> Callable[[], bytes]:
    return lambda: half(codec, number)


HALVES = MadeOnce({(codec, number): made(codec, number) for codec in CODECS for number in (0, 1)})


def is_heard(body: bytes) -> None:
    samples = decode(body).samples()
    heard = heard_at(samples)
    assert len(heard) == len(ALL), heard
    assert np.abs(np.array(heard) - ALL).max() * 1000 <= 2 * SPEECH_MS, heard
    assert measure(body).end_ms == pytest.approx(len(samples) / SAMPLES_PER_MS, abs=SPEECH_MS)


@pytest.mark.parametrize(("first", "second"), list(permutations(CODECS, 2)))
def test_the_codec_changes_half_way(first: str, second: str) -> None:
    """Before, nothing behind the change was heard, though it was measured."""
    is_heard(HALVES[first, 0] + HALVES[second, 1])


@pytest.mark.parametrize("start_s", [0, HALF + 0.5, 3_600])
def test_the_clock_may_go_on(start_s: float) -> None:
    is_heard(HALVES["aac", 0] + half("mp2", 1, start_s))


def test_the_sound_may_go_on_in_other_packets() -> None:
    is_heard(HALVES["aac", 0] + half("aac", 1, **OTHER_PID))


def test_the_codec_changes_and_the_end_is_cut_off() -> None:
    body = HALVES["aac", 0] + HALVES["ac3", 1][: -len(HALVES["ac3", 1]) // 3]
    heard = heard_at(decode(body).samples())
    assert np.abs(np.array(heard) - ALL[: len(heard)]).max() * 1000 <= 2 * SPEECH_MS
    assert len(heard) >= HALF + 3


def test_a_table_that_is_said_again_or_damaged_begins_nothing() -> None:
    body = HALVES["aac", 0] + HALVES["aac", 1]
    assert list(transport.streams(body)) == [0]
    other = HALVES["aac", 0] + HALVES["mp2", 1]
    assert list(transport.streams(other)) == [0, len(HALVES["aac", 0]) + transport.SIZE]
    tables = other.index(bytes([MP2, 0xE1, 0x00]))
    damaged = other[:tables] + b"\x04" + other[tables + 1 :]
    assert len(list(transport.streams(damaged))) == 2


@pytest.mark.parametrize("size", [1, 188, 189, 400])
def test_a_short_stream_is_one(size: int) -> None:
    assert list(transport.streams(HALVES["aac", 0][:size])) == [0]
