"""FLAC is heard whatever is damaged in front of its frames, but for its form."""

import numpy as np
import pytest

from adapters.audio import flac
from adapters.audio.decoding import decode, measure
from tests.odd_audio import SECONDS, beeps, encoded, heard_at
from tests.odd_recordings import ALL, S48, SPEECH_MS

FILE = encoded("flac", "flac", S48[None], 48_000)
JUNK = np.random.default_rng(5).bytes(60_000)
SEEK_POINTS = 3
PICTURE = 6


def with_block(kind: int, content: bytes, said: int) -> bytes:
    """The file with another block, which says this size of itself."""
    form = FILE[:4] + b"\0" + FILE[5 : flac.FORM_END]
    return form + bytes([kind]) + said.to_bytes(3, "big") + content + FILE[flac.FORM_END :]


DAMAGED = {
    "a table of seek points that is too short": with_block(SEEK_POINTS, bytes(360), 355),
    "one that is too long": with_block(SEEK_POINTS, bytes(360), 378),
    "a picture that was cut": with_block(PICTURE, JUNK[:20_000], 60_000),
    "a picture that says that it is all": with_block(PICTURE, JUNK, 0xFFFFFF),
    "blocks of junk": FILE[:4] + b"\0" + FILE[5 : flac.FORM_END] + JUNK + FILE[flac.FORM_END :],
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_frames_behind_a_damaged_block_are_heard(kind: str) -> None:
    """Before, such a file was refused."""
    body = DAMAGED[kind]
    heard = heard_at(decode(body).samples())
    assert len(heard) == SECONDS, heard
    assert np.abs(np.array(heard) - ALL).max() * 1000 <= SPEECH_MS, heard
    assert measure(body).end_ms == pytest.approx(SECONDS * 1000, abs=SPEECH_MS)


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 44_100, 48_000, 96_000])
def test_a_whole_file_stays_as_it_is(rate: int) -> None:
    body = encoded("flac", "flac", beeps(rate)[None], rate)
    assert flac.mended(body) is body


def test_what_has_no_frame_stays_as_it_is() -> None:
    for body in (FILE[: flac.FORM_END], FILE[:4] + JUNK, b"fLaC"):
        assert flac.mended(body) is body
