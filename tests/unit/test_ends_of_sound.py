"""A file is measured as long as it is heard, and both as long as it says."""

import pytest

from adapters.audio.decoding import decode, measure
from schemas.audio import SAMPLES_PER_MS
from tests.odd_audio import beeps, encoded

LENGTH_S = 9.87
"""No whole number of frames of any codec."""
CLOSE_MS = 40
KINDS = {
    "AAC in MP4": ("mp4", "aac", 0),
    "AAC in QuickTime": ("mov", "aac", 0),
    "AAC in Matroska": ("matroska", "aac", 0),
    "MP3": ("mp3", "libmp3lame", 0),
    "MP3 in Matroska": ("matroska", "libmp3lame", 0),
    "Opus in WebM": ("webm", "libopus", 0),
    "Opus in Ogg": ("ogg", "libopus", 0),
    "WMA 1": ("asf", "wmav1", 32_000),
    "WMA 2": ("asf", "wmav2", 32_000),
}
SAYS_ITS_LENGTH = ("AAC in MP4", "AAC in QuickTime", "MP3", "Opus in WebM", "Opus in Ogg")


@pytest.mark.parametrize("rate", [8_000, 16_000, 48_000])
@pytest.mark.parametrize("kind", KINDS)
def test_it_is_measured_as_long_as_it_is_heard(kind: str, rate: int) -> None:
    """Before, AAC of 8 kHz was heard 112 ms longer than it is, and WMA measured 60 ms shorter."""
    form, codec, bit_rate = KINDS[kind]
    samples = beeps(rate)[: int(LENGTH_S * rate)]
    body = encoded(form, codec, samples[None], rate, bit_rate=bit_rate)
    decoded = decode(body)
    heard_ms = len(decoded.samples()) / SAMPLES_PER_MS
    measured = measure(body)
    assert measured.end_ms == pytest.approx(heard_ms, abs=CLOSE_MS)
    assert measured.first_ms == pytest.approx(decoded.first_ms, abs=CLOSE_MS)
    if kind in SAYS_ITS_LENGTH:
        assert heard_ms == pytest.approx(LENGTH_S * 1000, abs=CLOSE_MS)
