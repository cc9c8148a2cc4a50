"""The sample rate may rise within AAC in LATM, as between any files that are joined."""

import numpy as np
import pytest

from adapters.audio import latm
from adapters.audio.decoding import decode, measure
from tests.odd_audio import SECONDS, beeps, encoded, heard_at
from tests.odd_recordings import ALL, SPEECH_MS, halves

BORDER_MS = 250
"""Silence of encoders at 8 kHz, at the beginning and at the end of each part."""


def frames(rate: int, half: int) -> bytes:
    return encoded("latm", "aac", halves(beeps(rate), rate)[half][None], rate)


@pytest.mark.parametrize(
    ("before", "behind"),
    [(22_050, 48_000), (8_000, 48_000), (44_100, 48_000), (16_000, 24_000), (48_000, 16_000)],
)
def test_all_is_heard_as_fast_as_it_was_said(before: int, behind: int) -> None:
    """Before, sound was slower by as much as the rate rose: 19 s of 10, at 16 and 48 kHz."""
    body = frames(before, 0) + frames(behind, 1)
    samples = decode(body).samples()
    heard = heard_at(samples)
    assert len(heard) == SECONDS, heard
    assert np.abs(np.array(heard) - ALL).max() * 1000 <= 4 * SPEECH_MS, heard
    assert len(samples) / 16 == pytest.approx(SECONDS * 1000, abs=BORDER_MS)
    assert measure(body).end_ms == pytest.approx(len(samples) / 16, abs=SPEECH_MS)


@pytest.mark.parametrize(
    ("rates", "count"),
    [((48_000, 48_000), 1), ((22_050, 48_000), 2), ((22_050, 48_000, 32_000), 3)],
    ids=str,
)
def test_a_part_begins_where_the_rate_changes(rates: tuple[int, ...], count: int) -> None:
    parts = [frames(rate, 0) for rate in rates]
    found = list(latm.streams(b"".join(parts)))
    ends = np.cumsum([0, *map(len, parts)])
    assert found == ends[:count].tolist()


def test_frames_that_name_no_rate_go_on_as_before() -> None:
    body = frames(48_000, 0)
    unnamed = b"\x56\xe0\x10" + b"\x80" + bytes(15)
    assert list(latm.streams(body + 20 * unnamed)) == [0]


def named(rate: str, version: str) -> bytes:
    """Frames that name a rate, behind the head of a version of the multiplex."""
    bits = f"{version}00010{rate}".ljust(17 * 8, "0")
    content = int(bits, 2).to_bytes(17, "big")
    return 10 * (b"\x56\xe0" + bytes([len(content)]) + content)


@pytest.mark.parametrize(
    "version",
    ["00" + "0" * 14, "010" + "00" + "1" * 8 + "0" * 14 + "01" + "0" * 16],
    ids=["the first", "the second"],
)
@pytest.mark.parametrize("rate", ["0011", f"1111{48_000:024b}"], ids=["known", "explicit"])
def test_each_version_of_the_multiplex_names_its_rate(version: str, rate: str) -> None:
    before = named("0100", version)
    assert list(latm.streams(before + named(rate, version))) == [0, len(before)]
