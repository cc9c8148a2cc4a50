"""FLAC is heard whatever is damaged in front of its frames, but for its form."""

from functools import cache

import numpy as np
import pytest

from adapters.audio import flac
from adapters.audio.decoding import decode, measure
from tests.made_once import MadeOnce
from tests.odd_audio import SECONDS, beeps, encoded, heard_at
from tests.odd_recordings import ALL, S48, SPEECH_MS

JUNK = np.random.default_rng(5).bytes(60_000)
SEEK_POINTS = 3
PICTURE = 6


@cache
def whole() -> bytes:
    """A file in which nothing is wrong."""
    return encoded("flac", "flac", S48[None], 48_000)


def with_more(content: bytes) -> bytes:
    """The file with `content` between its form and its frames."""
    form = whole()[:4] + b"\0" + whole()[5 : flac.FORM_END]
    return form + content + whole()[flac.FORM_END :]


def with_block(kind: int, content: bytes, said: int) -> bytes:
    """The file with another block, which says this size of itself."""
    return with_more(bytes([kind]) + said.to_bytes(3, "big") + content)


DAMAGED = MadeOnce(
    {
        "a table of seek points that is too short": lambda: with_block(
            SEEK_POINTS, bytes(360), 355
        ),
        "one that is too long": lambda: with_block(SEEK_POINTS, bytes(360), 378),
        "a picture that was cut": lambda: with_block(PICTURE, JUNK[:20_000], 60_000),
        "a picture that says that it is all": lambda: with_block(PICTURE, JUNK, 0xFFFFFF),
        "blocks of junk": lambda: with_more(JUNK),
    }
)


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
    for body in (whole()[: flac.FORM_END], whole()[:4] + JUNK, b"fLaC"):
        assert flac.mended(body) is body
