"""Damage in an AVI costs its place and no more: its index says which chunk stood where."""

from collections.abc import Callable

import numpy as np
import pytest

from adapters.audio import avi
from adapters.audio.decoding import decode, measure
from schemas.audio import SAMPLE_RATE
from tests.made_once import MadeOnce
from tests.odd_audio import LEVEL, SECONDS, encoded, filmed, heard_at
from tests.odd_recordings import ALL, HALF, S16, S48, SPEECH_MS

JUNK = np.random.default_rng(5).bytes(20_000)
KINDS = MadeOnce(
    {
        "PCM": lambda: encoded("avi", "pcm_s16le", S48[None], 48_000),
        "ADPCM": lambda: encoded("avi", "adpcm_ima_wav", S48[None], 48_000),
        "MP3": lambda: encoded("avi", "libmp3lame", S48[None], 48_000),
        "AAC": lambda: encoded("avi", "aac", S48[None], 48_000),
        "AC-3": lambda: encoded("avi", "ac3", S48[None], 48_000),
        "a film": lambda: filmed("avi", "mpeg4", "libmp3lame"),
    }
)
Damage = Callable[[bytes, int, int], bytes]
DAMAGES: dict[str, Damage] = {
    "zeros": lambda body, at, count: body[:at] + bytes(count) + body[at + count :],
    "junk": lambda body, at, count: body[:at] + JUNK[:count] + body[at + count :],
    "lost": lambda body, at, count: body[:at] + body[at + count :],
    "put between": lambda body, at, count: body[:at] + JUNK[:count] + body[at:],
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_sound_behind_damage_keeps_its_time(kind: str, damage: str) -> None:
    """Before, it came as much too early as chunks had lost their heads."""
    body = KINDS[kind]
    broken = DAMAGES[damage](body, len(body) * 11 // 20, len(body) // 48)
    whole = measure(body).end_ms
    assert measure(broken).end_ms == pytest.approx(whole, abs=SPEECH_MS)
    samples, missing = decode(broken).placed(SECONDS * 1000)
    heard = heard_at(samples)
    missed = [at for at in ALL if not any(abs(at - one) * 1000 <= SPEECH_MS for one in heard)]
    assert set(missed) <= {HALF}, heard
    assert missing == ()


def test_two_damages_do_not_add_up() -> None:
    body = KINDS["AAC"]
    cut = DAMAGES["lost"](body, len(body) * 7 // 10, 2_000)
    broken = DAMAGES["put between"](cut, len(body) // 3, 1_000)
    heard = heard_at(decode(broken).samples())
    assert np.abs(np.array(heard) - ALL).max() * 1000 <= SPEECH_MS, heard


@pytest.mark.parametrize("codec", ["pcm_u8", "pcm_alaw", "pcm_mulaw"])
def test_silence_stands_for_lost_samples_of_eight_bits(codec: str) -> None:
    """Before, zeros did: in these codecs they are a constant as loud as can be."""
    body = encoded("avi", codec, S16[None], SAMPLE_RATE)
    broken = DAMAGES["lost"](body, len(body) * 11 // 20, 2_000)
    loud = np.abs(decode(broken).samples()) > 2 * LEVEL
    assert loud.mean() < 1e-3


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_file_stays_as_it_is(kind: str) -> None:
    body = KINDS[kind]
    assert avi.mended(body) is body
    unfinished = body[: len(body) * 7 // 10]
    assert avi.mended(unfinished) is unfinished


def test_an_index_that_is_wrong_changes_nothing() -> None:
    body = KINDS["PCM"]
    index = body.rindex(b"idx1") + 8
    sizes = avi.ENTRY.iter_unpack(body[index : index + 100 * avi.ENTRY.size])
    others = b"".join(avi.ENTRY.pack(*entry, size - 1) for *entry, size in sizes)
    for wrong in (bytes(64), JUNK[:64], others[16:], body[index : index + 16] + others[16:]):
        broken = body[:index] + wrong + body[index + len(wrong) :]
        assert len(heard_at(decode(broken).samples())) == SECONDS


def test_a_file_in_shreds_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before a chunk is given up, all behind it is looked for; and that costs."""
    monkeypatch.setattr(avi, "MOST_LOOKS", 1)
    body = KINDS["AAC"]
    broken = DAMAGES["junk"](body, len(body) // 2, 2_000)
    assert avi.mended(broken) is broken
