"""Nobody spoke, so no word is transcribed.

Noises of a minute give no word, and four minutes of silence move nothing. Real model.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile as sf

from adapters.settings import Settings
from consumers.audio.decoder import Samples
from consumers.transcribe.step import transcribe_windows
from consumers.transcribe.transcriber import Transcriber
from deploy.benchmark.in_process import owned_windows
from schemas.audio import SAMPLE_RATE

MINUTE = 60 * SAMPLE_RATE
SECONDS = np.arange(MINUTE) / SAMPLE_RATE


def words(transcriber: Transcriber, samples: Any) -> list[tuple[str, int]]:
    """Text and start of the words that windows of the product's length own."""
    heard = (
        transcribe_windows(transcriber, [owned])[0]
        for owned in owned_windows(samples.astype(np.float32), Settings().window_ms)
    )
    return [(word.text, word.start_ms) for words in heard for word in words]


def clicks() -> Samples:
    """Keys struck three to twelve times a second."""
    random = np.random.default_rng(7)
    track = np.zeros(MINUTE, np.float32)
    for at in np.cumsum(random.uniform(0.08, 0.35, 300)) * SAMPLE_RATE:
        if at + 160 < MINUTE:
            track[int(at) : int(at) + 160] += random.normal(0, 0.4, 160) * np.exp(
                -np.arange(160) / 40
            )
    return track


NOISES = {
    "silence": np.zeros(MINUTE),
    "white noise": np.random.default_rng(1).normal(0, 0.05, MINUTE),
    "loud white noise": np.random.default_rng(2).normal(0, 0.3, MINUTE),
    "hum": 0.2 * np.sin(2 * np.pi * 50 * SECONDS) + 0.05 * np.sin(2 * np.pi * 150 * SECONDS),
    "sweep": 0.3 * np.sin(2 * np.pi * (50 * SECONDS + (4000 - 50) / 120 * SECONDS**2)),
    "clicks": clicks(),
}


@pytest.mark.parametrize("name", NOISES)
def test_a_minute_of_noise_has_no_word(transcriber: Transcriber, name: str) -> None:
    assert words(transcriber, NOISES[name]) == []


def test_quiet_speech_after_four_minutes_of_silence_is_heard_in_its_place(
    transcriber: Transcriber,
) -> None:
    speech, _ = sf.read(
        Path("tests/recordings/kopitiam_2spk.flac"), dtype="float32", stop=20 * SAMPLE_RATE
    )
    heard = words(transcriber, np.concatenate([np.zeros(4 * MINUTE, np.float32), 0.05 * speech]))
    assert len(heard) > 40
    assert min(start for _, start in heard) >= 240_000


def test_a_reply_of_two_words_is_kept(transcriber: Transcriber) -> None:
    speech, _ = sf.read(
        Path("tests/recordings/kopitiam_2spk.flac"),
        dtype="float32",
        start=int(33.434 * SAMPLE_RATE),
        stop=int(34.034 * SAMPLE_RATE),
    )
    around = np.zeros(3 * SAMPLE_RATE, np.float32)
    heard = [
        text.strip(".,!?").lower()
        for text, _ in words(transcriber, np.concatenate([around, speech, around]))
    ]
    assert heard[0] == "really"
    assert 2 <= len(heard) <= 3  # what follows is "sia", which may be written as one word or two
