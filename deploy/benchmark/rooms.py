"""Rooms, made up: one speaker far from the phone, a fan, a kopitiam. Pure."""

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from pyannote.core import Annotation

from consumers.audio.decoder import Samples
from schemas.audio import SAMPLE_RATE

FADE = SAMPLE_RATE // 100
"""Samples in which the level of a speaker changes: no click tells where."""
QUIET_DB = -58.0
FAN_DB = -45.0
BABBLE_DB = -40.0
TALKERS = 6
"""Voices of a babble: nobody can be understood in it."""
QUIET_ROOM = "quiet room"
FAN = "fan"
KOPITIAM = "kopitiam"
ROOMS = (QUIET_ROOM, FAN, KOPITIAM)
Noise = NDArray[np.float64]


def further_away(
    samples: Samples,
    truth: Annotation,
    speaker: str,
    by_db: float,
) -> Samples:
    """The recording with the turns of `speaker` `by_db` under those of all others.

    Where others speak at the same time, they are quieter too.
    """
    own = _is_speaking(truth.subset([speaker]), len(samples))
    others = _is_speaking(truth.subset([speaker], invert=True), len(samples))
    others_alone = others & ~own
    as_loud = _rms(samples[others_alone]) / max(1e-9, _rms(samples[own]))
    quieter_by = 10 ** (-by_db / 20)
    gain = np.where(own, as_loud * quieter_by, 1)
    fade = np.ones(FADE) / FADE
    smooth = np.convolve(gain, fade, mode="same")
    quieter: Samples = (samples * smooth).astype(np.float32)
    return quieter


def _is_speaking(turns: Annotation, length: int) -> NDArray[np.bool_]:
    """For each sample, whether it is within a turn."""
    is_speaking = np.zeros(length, np.bool_)
    for turn in turns.get_timeline():
        first = int(turn.start * SAMPLE_RATE)
        end = int(turn.end * SAMPLE_RATE)
        is_speaking[first:end] = True
    return is_speaking


def _rms(some: Samples | Noise) -> float:
    """The root of the mean square; 0 for nothing."""
    if not len(some):
        return 0.0
    power = np.mean(np.square(some))
    return float(np.sqrt(power))


def noise(
    room: str,
    length: int,
    talk: Sequence[Samples],
    random: Generator,
) -> Samples:
    """So many samples of the noise of one of `ROOMS`. The kopitiam is made of the `talk`."""
    if room == FAN:
        return _at_level(_low(random.normal(size=length)), FAN_DB)
    if room == KOPITIAM:
        return _at_level(_babble(length, talk, random), BABBLE_DB)
    return _at_level(random.normal(size=length), QUIET_DB)


def _low(white: Noise) -> Noise:
    """Mostly low: each octave from 100 Hz on has half of the power of the one below."""
    spectrum = np.fft.rfft(white)
    per_hz = len(white) / SAMPLE_RATE
    hertz = np.arange(len(spectrum)) / per_hz
    weaker = np.maximum(1, hertz / 100)
    return np.fft.irfft(spectrum / np.sqrt(weaker), len(white))


def _babble(length: int, talk: Sequence[Samples], random: Generator) -> Noise:
    """Several people at other tables, backwards, so that no word of theirs is a word."""
    mixed = np.zeros(length)
    for n in range(TALKERS):
        backwards = talk[n % len(talk)][::-1]
        other = np.resize(backwards, length)
        mixed += np.roll(other, int(random.integers(length)))
    return mixed


def _at_level(some: Noise, dbfs: float) -> Samples:
    scale = 10 ** (dbfs / 20) / max(1e-9, _rms(some))
    scaled: Samples = (some * scale).astype(np.float32)
    return scaled
