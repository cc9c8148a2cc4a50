"""Windows that share a model batch are heard as if each were alone. Real model."""

from pathlib import Path
from typing import Any

import numpy as np
import soundfile as sf

from adapters.objects.lexicons import shipped_lexicon
from consumers.transcribe.recognised import Recognised
from consumers.transcribe.step import cut_window, transcribe_windows
from consumers.transcribe.transcriber import Transcriber
from consumers.transcribe.whisper import Whisper
from schemas.audio import SAMPLE_RATE

CUTS_S = [(0, 9), (3, 9), (10, 19), (60, 61)]
"""Three have the same budget, so that they share a pass."""
WINDOW_S = 12
"""Budgets are alike for windows of this length, too."""


def said(recognised: Recognised) -> list[tuple[Any, ...]]:
    return [
        (word.text, word.start_s, word.end_s, round(word.probability, 3))
        for segment in recognised.segments
        for word in segment.words
    ]


def test_the_words_of_a_batch_are_those_of_one_by_one(whisper: Whisper) -> None:
    lexicon = shipped_lexicon()
    samples, _ = sf.read(Path("tests/recordings/reunion_4spk.flac"), dtype="float32")
    parts = [np.asarray(samples[a * SAMPLE_RATE : b * SAMPLE_RATE]) for a, b in CUTS_S]
    alone = [whisper.recognise([part], lexicon.prompt())[0] for part in parts]
    together = whisper.recognise(parts, lexicon.prompt())
    assert [said(heard) for heard in together] == [said(heard) for heard in alone]
    assert sum(len(said(heard)) for heard in alone) > 60


def test_spellings_that_are_scored_together_score_as_alone(whisper: Whisper) -> None:
    samples, _ = sf.read(
        Path("tests/recordings/kopitiam_2spk.flac"), dtype="float32", stop=10 * SAMPLE_RATE
    )
    [heard] = whisper.recognise([np.asarray(samples)], shipped_lexicon().prompt())
    part = heard.states[100:260]
    texts = ["you know lah", "you know law.", "a much longer line that nobody said here lah"]
    together = whisper.log_likelihoods(part, texts)
    alone = [whisper.log_likelihoods(part, [text])[0] for text in texts]
    assert np.allclose(together, alone, atol=0.02)
    assert len(set(together)) == 3


def test_windows_of_several_sessions_are_heard_as_one_by_one(transcriber: Transcriber) -> None:
    found = []
    for name in ("traps_2spk", "overlap_3spk"):
        samples, _ = sf.read(Path(f"tests/recordings/{name}.flac"), dtype="float32")
        found += [
            cut_window(
                np.asarray(samples[a * SAMPLE_RATE : (a + WINDOW_S) * SAMPLE_RATE]),
                a * 1000,
                a * 1000,
                (a + WINDOW_S) * 1000,
                True,
            )
            for a in (0, 20)
        ]
    silence = cut_window(np.zeros(20 * SAMPLE_RATE, np.float32), 0, 0, 20_000, True)
    batch = [*found[:2], silence, *found[2:]]
    alone = [transcribe_windows(transcriber, [window])[0] for window in batch]
    assert [
        [(w.text, w.start_ms, w.end_ms) for w in words]
        for words in transcribe_windows(transcriber, batch)
    ] == [[(w.text, w.start_ms, w.end_ms) for w in words] for words in alone]
    assert not alone[2]
    assert all(len(words) > 10 for n, words in enumerate(alone) if n != 2)
