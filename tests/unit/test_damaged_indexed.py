"""Bytes lost within the sound of an MP4 or CAF cost their place alone: an index says the rest."""

import struct
from collections.abc import Callable

import numpy as np
import pytest

from adapters.audio.decoding import decode, measure
from adapters.audio.indexed import restored
from tests.made_once import MadeOnce
from tests.odd_audio import SECONDS, aac, encoded, filmed, heard_at
from tests.odd_recordings import ALL, M4A, S8, S48, SPEECH_MS

JUNK = np.random.default_rng(6).bytes(20_000)


def with_index_in_front(body: bytes) -> bytes:
    """An MP4 as it is written for the web: whoever loads it can play it at once."""
    sound = body.index(b"mdat") - 4
    index = bytearray(body[body.rindex(b"moov") - 4 :])
    places = index.index(b"stco") + 8
    [count] = struct.unpack_from(">I", index, places)
    for at in range(places + 4, places + 4 + 4 * count, 4):
        [place] = struct.unpack_from(">I", index, at)
        struct.pack_into(">I", index, at, place + len(index))
    return body[:sound] + bytes(index) + body[sound : -len(index)]


KINDS = MadeOnce(
    {
        "M4A": lambda: M4A,
        "M4A, its index in front": lambda: with_index_in_front(M4A),
        "M4A of two channels": lambda: aac(np.stack([S48, S48])),
        "ALAC": lambda: encoded("ipod", "alac", S48[None], 48_000),
        "Opus in MP4": lambda: encoded("mp4", "libopus", S48[None], 48_000),
        "MP3 in MP4": lambda: encoded("mp4", "libmp3lame", S48[None], 48_000),
        "3gp of AMR": lambda: encoded("3gp", "libopencore_amrnb", S8[None], 8_000),
        "CAF of ALAC": lambda: encoded("caf", "alac", S48[None], 48_000),
        "CAF of FLAC": lambda: encoded("caf", "flac", S48[None], 48_000),
        "CAF of MP3": lambda: encoded("caf", "libmp3lame", S48[None], 48_000),
        "a film": lambda: filmed("mp4", "mpeg4", "aac"),
    }
)
Damage = Callable[[bytes, int, int], bytes]
DAMAGES: dict[str, Damage] = {
    "lost": lambda body, at, count: body[:at] + body[at + count :],
    "put between": lambda body, at, count: body[:at] + JUNK[:count] + body[at:],
}


@pytest.mark.parametrize("share", [1e-9, 0.021])
@pytest.mark.parametrize("part", [0.3, 0.55])
@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_sound_behind_damage_is_heard(kind: str, damage: str, part: float, share: float) -> None:
    """Before, nothing behind it was."""
    body = KINDS[kind]
    broken = DAMAGES[damage](body, int(len(body) * part), 1 + int(len(body) * share))
    samples, missing = decode(broken).placed(SECONDS * 1000)
    heard = heard_at(samples)
    missed = [at for at in ALL if not any(abs(at - one) * 500 <= SPEECH_MS for one in heard)]
    assert len(missed) <= 1, heard
    assert missing == ()
    assert measure(broken).end_ms == pytest.approx(SECONDS * 1000, abs=SPEECH_MS)


@pytest.mark.parametrize("behind", [0, 50, 700])
@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("kind", ["M4A", "M4A, its index in front", "CAF of ALAC", "CAF of MP3"])
def test_sound_behind_damage_at_its_beginning_is_heard(kind: str, damage: str, behind: int) -> None:
    """Before, all of it was lost: none of the first packets said how long most are."""
    body = KINDS[kind]
    first = body.index(b"data") + 16 if kind.startswith("CAF") else body.index(b"mdat") + 4
    heard = heard_at(decode(DAMAGES[damage](body, first + behind, 301)).samples())
    missed = [at for at in ALL if not any(abs(at - one) * 500 <= SPEECH_MS for one in heard)]
    assert len(missed) <= 1, heard


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_is_whole_or_cut_off_stays_as_it_is(kind: str) -> None:
    body = KINDS[kind]
    for file in (body, body[: len(body) * 7 // 10], body + JUNK):
        assert restored(file) is file
