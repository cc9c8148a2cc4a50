"""Windows that are diarized side by side have the voices of one after the other. Real models."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import soundfile as sf

from consumers.voices.diarization import Voices, diarize_window
from consumers.voices.pyannote_diarizer import PyannoteDiarizer
from schemas.audio import SAMPLES_PER_MS

RECORDING = "kopitiam_2spk"
WINDOW_MS = 12_000
WINDOWS = 3


def test_to_the_last_bit(diarizer: PyannoteDiarizer) -> None:
    samples, _ = sf.read(Path(f"tests/recordings/{RECORDING}.flac"), dtype="float32")

    def voices(start_ms: int) -> Voices:
        owned = diarizer.grid.owned(start_ms, start_ms + WINDOW_MS, None)
        first = diarizer.grid.start_ms(owned) * SAMPLES_PER_MS
        last = diarizer.grid.end_ms(owned) * SAMPLES_PER_MS
        return diarize_window(diarizer, owned, False, samples[first:last])

    starts_ms = range(0, WINDOWS * WINDOW_MS, WINDOW_MS)
    with ThreadPoolExecutor(WINDOWS) as threads:
        found = list(threads.map(voices, starts_ms))
    alone = list(map(voices, starts_ms))
    assert [one.to_bytes() for one in found] == [one.to_bytes() for one in alone]
    assert all(len(one.utterances) for one in alone)
