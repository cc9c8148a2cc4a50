"""Recorders that write several packets at once stamp all of them alike, or late by chance."""

from collections.abc import Callable

import numpy as np
import pytest

from adapters.audio.decoding import decode, measure
from adapters.audio.places import BACK, JITTER, Places
from schemas.audio import SAMPLES_PER_MS
from tests.odd_audio import SECONDS, heard_at, opus
from tests.odd_recordings import ALL, HALF, S48, SPEECH_MS
from tests.odd_stamps import restamped

WEBM = opus(S48[None])
EARLY_S = 0.02
"""The first packet of an encoder is that much before zero."""
LATE = np.random.default_rng(5).uniform(0, 0.06, 1_000)


def in_bursts(of_s: float) -> Callable[[float], float]:
    """All packets of so many seconds have the stamp of the first one."""
    return lambda at: (at + EARLY_S) // of_s * of_s


def by_arrival(at: float) -> float:
    """Packets come up to three packets late, none of them before another one."""
    number = round((at + EARLY_S) / 0.02)
    arrived = np.arange(number + 1) * 0.02 + LATE[: number + 1]
    return float(arrived.max())


STAMPS = {
    "bursts of 0.2 s": in_bursts(0.2),
    "bursts of half a second": in_bursts(0.5),
    "bursts of nearly a second": in_bursts(0.96),
    "times of arrival": by_arrival,
}


@pytest.mark.parametrize("kind", STAMPS)
def test_sound_is_no_longer_than_it_is(kind: str) -> None:
    """Before, ten seconds were nearly twenty: each burst was put behind a gap."""
    body = restamped(WEBM, "webm", STAMPS[kind])
    decoded = decode(body)
    heard = heard_at(decoded.samples())
    assert len(heard) == SECONDS
    assert np.abs(np.array(heard) - ALL).max() * 1000 <= 2 * SPEECH_MS, heard
    assert decoded.missing == ()
    assert measure(body).end_ms == pytest.approx(
        len(decoded.samples()) / SAMPLES_PER_MS, abs=SPEECH_MS
    )


def test_a_pause_behind_bursts_is_as_long_as_it_was() -> None:
    pause_s = 3
    burst = in_bursts(0.5)
    body = restamped(WEBM, "webm", lambda at: burst(at) + pause_s * (at >= HALF + 0.5))
    expected = [at + pause_s * (at > HALF) for at in ALL]
    heard = heard_at(decode(body).samples())
    assert np.abs(np.array(heard) - expected).max() * 1000 <= 2 * SPEECH_MS, heard


@pytest.mark.parametrize(
    ("back", "is_behind", "shift"),
    [(JITTER, False, 0), (JITTER + 1, True, 0), (BACK - 1, True, 0), (BACK, False, BACK)],
)
def test_a_stamp_a_little_behind_moves_no_clock(back: int, is_behind: bool, shift: int) -> None:
    places = Places()
    places.place(0.0, 2 * BACK)
    assert places.place((2 * BACK - back) / BACK, BACK) == 2 * BACK
    assert (places.is_behind, places.shift) == (is_behind, shift)
