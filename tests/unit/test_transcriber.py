"""Passages that the recogniser skipped are transcribed a second time, with the style alone."""

from collections.abc import Sequence

import numpy as np
import pytest

from consumers.audio.decoder import Samples
from consumers.transcribe.recognised import (
    Recognised,
    RecognisedSegment,
    RecognisedWord,
    States,
)
from consumers.transcribe.speech_spans import Span
from consumers.transcribe.transcriber import Stretch, Transcriber
from schemas.audio import SAMPLE_RATE
from schemas.objects import TranscribedWord

PROMPT = "kiasu bojio. Can lah!"
STYLE = "Can lah!"
OFFSET_MS = 10_000
NO_STATES = np.zeros((0, 4), np.float32)
FIVE_WORDS = RecognisedSegment(
    tuple(
        RecognisedWord(f" {word}", n * 0.4, (n + 1) * 0.4, 0.8)
        for n, word in enumerate("one two three four five".split())
    ),
    compression_ratio=1.2,
)


class HearsTheBeginning:
    """Recognises only the first two seconds of any audio, as Whisper sometimes does, or nothing."""

    def __init__(self, *segments: RecognisedSegment) -> None:
        self.prompts: list[str] = []
        self.passes = 0
        self._segments = segments
        self.written = 0

    def recognise(self, batch: Sequence[Samples], prompt: str) -> list[Recognised]:
        self.prompts += [prompt] * len(batch)
        self.passes += 1
        return [Recognised(self._segments, NO_STATES, self.written) for _ in batch]


class AllSpeech:
    """Packed samples of audio that is speech from end to end."""

    def __init__(self, samples: Samples) -> None:
        self.samples = samples
        self.speech = [(0.0, len(samples) / SAMPLE_RATE)]

    def original_spans(self, spans: list[Span]) -> list[Span]:
        return spans


class Silence(AllSpeech):
    """Audio in which nobody speaks."""

    def __init__(self, samples: Samples) -> None:
        super().__init__(samples)
        self.speech = []


def unchanged(states: States, words: Sequence[TranscribedWord]) -> list[TranscribedWord]:
    return list(words)


def transcribed(recogniser: HearsTheBeginning, seconds: int) -> list[TranscribedWord]:
    transcriber = Transcriber(recogniser, unchanged, PROMPT, STYLE)
    samples = np.zeros(seconds * SAMPLE_RATE, np.float32)
    return transcriber.transcribe([Stretch(samples, OFFSET_MS)])[0]


def test_a_skipped_passage_is_transcribed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consumers.transcribe.transcriber.PackedSpeech", AllSpeech)
    recogniser = HearsTheBeginning(FIVE_WORDS)
    words = transcribed(recogniser, seconds=5)
    assert recogniser.prompts[0] == PROMPT  # the list of words once, the style alone after that
    assert set(recogniser.prompts[1:]) == {STYLE}
    assert [w.start_ms for w in words][:5] == [10_000, 10_400, 10_800, 11_200, 11_600]
    assert len(words) > 5
    assert all(10_000 <= w.start_ms <= 15_100 for w in words)
    assert words == sorted(words, key=lambda w: w.start_ms)


def test_where_nearly_all_is_skipped_the_audio_is_cut_in_two(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("consumers.transcribe.transcriber.PackedSpeech", AllSpeech)
    recogniser = HearsTheBeginning(FIVE_WORDS)
    transcribed(recogniser, seconds=10)
    assert recogniser.prompts == [PROMPT, STYLE]  # the gap of 8 s alone: 2 s of audio are left
    deaf = HearsTheBeginning()
    assert transcribed(deaf, seconds=10) == []
    assert deaf.prompts == [PROMPT, STYLE, STYLE]  # both halves


def test_after_a_loop_nothing_is_transcribed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loops of Mandarin cost five times what English does: a loop, and two more in the halves."""
    monkeypatch.setattr("consumers.transcribe.transcriber.PackedSpeech", AllSpeech)
    looping = HearsTheBeginning()
    looping.written = 130
    assert transcribed(looping, seconds=20) == []
    assert looping.prompts == [PROMPT]


def test_what_several_windows_skipped_shares_one_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consumers.transcribe.transcriber.PackedSpeech", AllSpeech)
    recogniser = HearsTheBeginning(FIVE_WORDS)
    transcriber = Transcriber(recogniser, unchanged, PROMPT, STYLE)
    samples = np.zeros(5 * SAMPLE_RATE, np.float32)
    batch = [Stretch(samples, OFFSET_MS), Stretch(samples, 2 * OFFSET_MS)]
    together = transcriber.transcribe(batch)
    assert recogniser.passes == 2
    assert together == [transcriber.transcribe([stretch])[0] for stretch in batch]


def test_silence_is_not_given_to_the_recogniser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consumers.transcribe.transcriber.PackedSpeech", Silence)
    recogniser = HearsTheBeginning(FIVE_WORDS)
    assert transcribed(recogniser, seconds=5) == []
    assert recogniser.prompts == []
