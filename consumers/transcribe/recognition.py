"""One pass of Whisper over a batch of stretches of up to 30 s: encode, decode, choose, time words.

The same as `BatchedInferencePipeline.forward` of faster-whisper, without its seeking and with a
choice among the readings of the beam. A stretch fits the encoder. Seeking encoded the rest of a
stretch after its last timestamp again, up to twice, for words that nobody said.

After an upgrade of faster-whisper, compare this module with `forward` there: it uses the methods
`encode`, `get_prompt`, `_split_segments_by_timestamps` and `add_word_timestamps` of `WhisperModel`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

import numpy as np

from consumers.audio.decoder import Samples
from consumers.transcribe.budget import Budget, budget, finished_tokens
from consumers.transcribe.language import english, sounds_english, understood
from consumers.transcribe.passes import by_budget
from consumers.transcribe.readings import Reading, least_risk
from consumers.transcribe.recognised import Recognised, RecognisedSegment, RecognisedWord, States
from consumers.transcribe.spelling import bare
from consumers.transcribe.vocabulary import Vocabulary
from schemas.audio import SAMPLE_RATE

if TYPE_CHECKING:
    from ctranslate2 import StorageView
    from ctranslate2.models import WhisperGenerationResult
    from faster_whisper import WhisperModel
    from faster_whisper.tokenizer import Tokenizer

BEAM = 5
"""Readings that the decoder keeps and that are compared in the end. All cost what one does."""
REPEATED_TOKENS = 10
"""The decoder writes no run of so many tokens twice. Nobody does, and a loop has to end."""
MOST_NO_SPEECH = 0.6
LEAST_LOG_PROBABILITY = -1.0
"""Whisper's own gate against hallucinations: beyond both, nothing was said.

Radford et al., 2022, "Robust speech recognition via large-scale weak supervision", section 4.5.
"""
PREPENDED = "\"'“¿([{-"
APPENDED = "\"'.。,，!！?？:：”)]}、"  # noqa: RUF001 - full-width marks too
"""Punctuation that faster-whisper counts to the word after it, and before it, by default."""


class _LibraryWord(TypedDict):
    """A word as faster-whisper places it, seconds."""

    word: str
    start: float
    end: float
    probability: float


class _LibrarySegment(TypedDict):
    """A segment as faster-whisper cuts it; `words` once they are placed."""

    tokens: list[int]
    words: list[_LibraryWord]


@dataclass(frozen=True)
class _Chosen:
    """The reading that was chosen.

    `log_probability` is the mean of its tokens, the end included, nats. `tokens` are those that
    were kept of the `written` ones.
    """

    tokens: list[int]
    written: int
    log_probability: float
    no_speech: float

    @property
    def is_silence(self) -> bool:
        is_unlikely = self.log_probability <= LEAST_LOG_PROBABILITY
        return self.no_speech > MOST_NO_SPEECH and is_unlikely


class BatchRecogniser:
    """Decodes batches with one loaded model. Blocking; thread-safe, as the library is."""

    def __init__(
        self, model: "WhisperModel", tokenizer: "Tokenizer", vocabulary: Vocabulary
    ) -> None:
        from faster_whisper.transcribe import get_suppressed_tokens

        self._model = model
        self._tokenizer = tokenizer
        self._vocabulary = vocabulary
        self._suppressed = get_suppressed_tokens(tokenizer, [-1])

    def recognise(self, batch: Sequence[Samples], prompt: str) -> list[Recognised]:
        """Text of each stretch (16 kHz mono, up to 30 s), as if it were alone. Blocking.

        `prompt` is put before the decoding, as faster-whisper's `hotwords`. One pass of the model
        for each budget in the batch. Repeatable on one machine.
        """
        found: dict[int, Recognised] = {}
        for most, places in by_budget(map(budget, batch)).items():
            group = [batch[place] for place in places]
            results = self._pass(group, most, prompt)
            found.update(zip(places, results, strict=True))
        return [found[place] for place in range(len(batch))]

    def _pass(self, batch: Sequence[Samples], most: Budget, prompt: str) -> list[Recognised]:
        encoded = self._encoded(batch, most.mel_frames)
        decoded = self._decoded(encoded, len(batch), prompt, most.tokens)
        readings = [self._chosen(result, most.tokens) for result in decoded]
        found: list[Recognised] = []
        for reading, states, samples in zip(readings, _on_cpu(encoded), batch, strict=True):
            segments = self._segments(reading, states, samples)
            found.append(Recognised(segments, states, reading.written, len(reading.tokens)))
        return found

    def _encoded(self, batch: Sequence[Samples], frames: int) -> "StorageView":
        from faster_whisper.audio import pad_or_trim

        extract = self._model.feature_extractor
        features = [pad_or_trim(extract(samples)[..., :-1], frames) for samples in batch]
        return self._model.encode(np.stack(features))

    def _decoded(
        self, encoded: "StorageView", size: int, prompt: str, most_tokens: int
    ) -> "list[WhisperGenerationResult]":
        tokens = self._model.get_prompt(
            self._tokenizer, previous_tokens=[], without_timestamps=False, hotwords=prompt
        )
        results: list[WhisperGenerationResult] = self._model.model.generate(
            encoded,
            [tokens] * size,
            beam_size=BEAM,
            num_hypotheses=BEAM,
            max_length=self._max_length(len(tokens), most_tokens),
            no_repeat_ngram_size=REPEATED_TOKENS,
            suppress_blank=True,
            suppress_tokens=self._suppressed,
            return_scores=True,
            return_no_speech_prob=True,
        )
        return results

    def _max_length(self, prompt: int, most_tokens: int) -> int:
        """The option of CTranslate2 that lets it write `most_tokens` after a prompt.

        It writes at most half of the option, and what the prompt leaves of it and one more.
        """
        wanted = max(prompt - 1, most_tokens) + most_tokens
        return min(wanted, int(self._model.max_length))

    def _chosen(self, result: "WhisperGenerationResult", most_tokens: int) -> _Chosen:
        """The complete reading with the least expected word errors.

        Its log-probability is measured as the library does.
        """
        every_tokens: list[list[int]] = result.sequences_ids
        readings = [
            Reading(self._words(tokens), len(tokens), mean_nats)
            for tokens, mean_nats in zip(every_tokens, result.scores, strict=True)
        ]
        chosen = least_risk(readings)
        tokens = every_tokens[chosen]
        log_probability = readings[chosen].mean_nats * len(tokens) / (len(tokens) + 1)
        finished = finished_tokens(tokens, most_tokens, self._tokenizer.timestamp_begin)
        return _Chosen(finished, len(tokens), log_probability, result.no_speech_prob)

    def _words(self, tokens: list[int]) -> list[str]:
        text: str = self._tokenizer.decode(tokens)
        return list(map(bare, text.split()))

    def _segments(
        self, reading: _Chosen, states: States, samples: Samples
    ) -> tuple[RecognisedSegment, ...]:
        """The reading cut at its timestamps, each word placed by the decoder's attention.

        One stretch at a time: where the library places a first word depends on the last word of
        the stretch before it in the batch.
        """
        if reading.is_silence or not reading.tokens:
            return ()
        duration_s = len(samples) / SAMPLE_RATE
        frames = math.ceil(duration_s) * self._model.frames_per_second
        segments, _, _ = self._model._split_segments_by_timestamps(  # noqa: SLF001 - no public one
            tokenizer=self._tokenizer,
            tokens=reading.tokens,
            time_offset=0.0,
            segment_size=frames,
            segment_duration=duration_s,
            seek=0,
        )
        self._add_words(segments, states, frames)
        return tuple(self._segment(segment, states) for segment in segments)

    def _add_words(self, segments: list[_LibrarySegment], states: States, frames: int) -> None:
        """Adds `words` to each of the library's segments."""
        from ctranslate2 import StorageView

        encoded = StorageView.from_array(states[None])
        self._model.add_word_timestamps(
            [segments], self._tokenizer, encoded, [frames], PREPENDED, APPENDED, 0.0
        )

    def _segment(self, segment: _LibrarySegment, states: States) -> RecognisedSegment:
        from faster_whisper.transcribe import get_compression_ratio

        compression = get_compression_ratio(self._tokenizer.decode(segment["tokens"]))
        words = segment["words"]
        if not words:
            return RecognisedSegment((), compression)
        start_s = words[0]["start"]
        end_s = words[-1]["end"]
        sounds = sounds_english(self._model.model, states, start_s, end_s)
        written = ((word["word"], word["probability"]) for word in words)
        reads = understood(written, self._vocabulary.is_common)
        sure = english(sounds, reads)
        said = tuple(_word(word, sure) for word in words)
        return RecognisedSegment(said, compression, sounds, reads)


def _on_cpu(encoded: "StorageView") -> States:
    """Shape (stretches, frames, dimension)."""
    from ctranslate2 import Device

    on_cpu = encoded if encoded.device == "cpu" else encoded.to_device(Device.cpu)
    return np.asarray(on_cpu, dtype=np.float32)


def _word(word: _LibraryWord, english: float) -> RecognisedWord:
    return RecognisedWord(
        text=word["word"],
        start_s=word["start"],
        end_s=word["end"],
        probability=float(word["probability"]),
        english=english,
    )
