"""A decoder in a loop stops at the budget of its audio. Real model.

After seven seconds of silence Whisper writes an endless "rrrr" here, on the machines that were
seen. On another one the law holds as well: nothing is written beyond the budget.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import soundfile as sf

from adapters.objects.lexicons import shipped_lexicon
from consumers.transcribe.budget import budget
from consumers.transcribe.speech_spans import PackedSpeech
from consumers.transcribe.whisper import Whisper
from deploy.benchmark.in_process import owned_windows
from schemas.audio import SAMPLE_RATE

if TYPE_CHECKING:
    from ctranslate2.models import WhisperGenerationResult


class Counting:
    """The library's model; it notes the tokens of each reading that it writes."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self.tokens: list[int] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def generate(self, *given: Any, **options: Any) -> "list[WhisperGenerationResult]":
        results: list[WhisperGenerationResult] = self._model.generate(*given, **options)
        self.tokens += [len(tokens) for result in results for tokens in result.sequences_ids]
        return results


def test_a_loop_ends_with_the_budget(whisper: Whisper, monkeypatch: pytest.MonkeyPatch) -> None:
    counting = Counting(whisper.library.model)
    monkeypatch.setattr(whisper.library, "model", counting)
    speech = _speech()
    for prompt in (shipped_lexicon().prompt(), shipped_lexicon().style, ""):
        whisper.recognise([speech], prompt)
    assert len(counting.tokens) == 15
    assert 0 < max(counting.tokens) <= budget(speech).tokens < 224


def _speech() -> Any:
    """The first window of a recording that begins after seven seconds of silence."""
    audio, _ = sf.read(
        Path("tests/recordings/barbecue_3spk.flac"), dtype="float32", stop=20 * SAMPLE_RATE
    )
    later = np.concatenate([np.zeros(7 * SAMPLE_RATE, np.float32), audio])
    return PackedSpeech(next(owned_windows(later, 20_000)).stretch.samples).samples
