"""Bytes that were lost within samples of several bytes: what is behind is no noise."""

from collections.abc import Callable
from contextlib import suppress

import numpy as np
import pytest

from adapters.audio.alignment import aligned
from adapters.audio.decoding import decode, measure
from adapters.audio.opening import NoSoundError
from schemas.audio import SAMPLE_RATE, SAMPLES_PER_MS
from tests.made_once import MadeOnce
from tests.odd_audio import Samples, encoded, heard_at, wav
from tests.odd_kinds import KINDS as WHOLE
from tests.odd_recordings import ALL, S16, SPEECH_MS

LOUDEST = 0.4
RANDOM = np.random.default_rng(8)
JUNK = RANDOM.bytes(1_000)


def pcm(form: str, codec: str, channels: int = 1) -> Callable[[], bytes]:
    """A file of samples as they are, none of which has fewer bits than its form."""
    turned = np.stack([S16 * (0.9, -0.7)[number] for number in range(channels)])
    return lambda: encoded(form, codec, turned, SAMPLE_RATE)


KINDS = MadeOnce(
    {
        "WAV": pcm("wav", "pcm_s16le"),
        "WAV of two channels": pcm("wav", "pcm_s16le", 2),
        "WAV of 24 bits": pcm("wav", "pcm_s24le", 2),
        "WAV of 32 bits": pcm("wav", "pcm_s32le"),
        "WAV of floats": pcm("wav", "pcm_f32le"),
        "AIFF": pcm("aiff", "pcm_s16be"),
        "AIFF of 24 bits": pcm("aiff", "pcm_s24be"),
        "CAF": pcm("caf", "pcm_s16be"),
        "W64": pcm("w64", "pcm_s16le"),
        "AU": pcm("au", "pcm_s16be"),
    }
)
Damage = Callable[[bytes, int, int], bytes]
DAMAGES: dict[str, Damage] = {
    "lost": lambda body, at, count: body[:at] + body[at + count :],
    "put between": lambda body, at, count: body[:at] + JUNK[:count] + body[at:],
}


@pytest.mark.parametrize("count", [1, 5, 301])
@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_sound_behind_an_odd_loss_is_no_noise(kind: str, damage: str, count: int) -> None:
    """Before, all of it was noise at full scale."""
    body = KINDS[kind]
    broken = DAMAGES[damage](body, len(body) * 45 // 100, count)
    samples = decode(broken).samples()
    heard = heard_at(samples)
    assert len(heard) == len(ALL), heard
    assert np.abs(np.array(heard) - ALL).max() * 1000 <= SPEECH_MS, heard
    assert np.abs(samples).max() < LOUDEST
    assert measure(broken).end_ms == pytest.approx(len(samples) / SAMPLES_PER_MS, abs=SPEECH_MS)


def in_few_bits(bits: int) -> Samples:
    scale = 2 ** (bits - 1)
    return np.array(np.round(S16 * scale) / scale, np.float32)


SIGNALS: dict[str, Samples] = {
    "noise at full scale": RANDOM.uniform(-1, 1, len(S16)).astype(np.float32),
    "noise that is clipped": np.sign(RANDOM.normal(size=len(S16))).astype(np.float32),
    "faint noise": RANDOM.normal(0, 6e-5, len(S16)).astype(np.float32),
    "a square wave": np.sign(np.sin(1.5 * np.arange(len(S16)))).astype(np.float32),
    "the highest tone": np.sin(0.99 * np.pi * np.arange(len(S16))).astype(np.float32),
    "zeros": np.zeros_like(S16),
    "an offset": np.full_like(S16, 0.3),
    "eight bits": in_few_bits(8),
    "sixteen bits": in_few_bits(16),
}


@pytest.mark.parametrize("codec", ["pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le"])
@pytest.mark.parametrize("signal", SIGNALS)
def test_sound_of_any_kind_stays_as_it_is(signal: str, codec: str) -> None:
    body = encoded("wav", codec, SIGNALS[signal][None], SAMPLE_RATE)
    for file in (body, body[: len(body) * 7 // 10 + 1]):
        assert aligned(file) is file


@pytest.mark.parametrize("kind", WHOLE)
def test_a_whole_file_stays_as_it_is(kind: str) -> None:
    body = WHOLE[kind]()
    assert aligned(body) is body


@pytest.mark.parametrize("at", [*range(20, 40, 2), 40, 42])
@pytest.mark.parametrize("number", [0, 1, 0xFFFF])
def test_a_damaged_head_is_no_defect(at: int, number: int) -> None:
    """A WAV of no channels was."""
    body = bytearray(KINDS["WAV"])
    body[at : at + 2] = number.to_bytes(2, "little")
    with suppress(NoSoundError, OverflowError):
        decode(bytes(body))


@pytest.mark.parametrize("size", [0, 1, 44, 45, 46, 47, 60, 2_000])
def test_a_short_file_stays_as_it_is(size: int) -> None:
    body = wav(S16)[:size]
    assert aligned(body) is body
