"""One pass of Whisper over a batch of stretches of up to 30 s; nothing is read twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ctranslate2
import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel
from faster_whisper.audio import pad_or_trim
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import Segment, Word

from consumers.audio.decoder import Samples
from consumers.transcribe.consensus import agreed
from schemas.audio import SAMPLE_RATE

BEAM = 5
"""Readings that are kept at a time, and weighed against each other at the end: all of them cost what the best one does."""
NO_SPEECH, LOG_PROBABILITY = 0.6, -1.0
"""Whisper's own gate against invented text (Radford et al., 2022, section 4.5)."""
LENGTHS_S, AFTER_S = (10, 20, 30), 1.0
"""The encoder is shown audio and silence of one of these lengths, with so much silence at least: a gap or the rest of a session
costs a third of a whole window, and counts are no worse (ADR 0008)."""
States = np.ndarray[Any, np.dtype[np.float32]]
"""Encoder states of one stretch, shape (frames, dimension), 50 frames a second from its start."""


@dataclass(frozen=True)
class Heard:
    """`segments`: what is said, words timed in seconds from the start of the stretch."""

    segments: list[Segment]
    states: States


class Reader(BatchedInferencePipeline):  # type: ignore[misc]  # the library has no types
    """faster-whisper's pass over a batch, without its seeking.

    A stretch fits the encoder: seeking encoded what was left of it after the last timestamp again, up to twice, for words
    that nobody said.
    """

    def __init__(self, model: WhisperModel, tokenizer: Tokenizer) -> None:
        super().__init__(model)
        self._tokenizer = tokenizer
        # Never run: it is how the library makes its options.
        _, info = self.transcribe(
            np.zeros(SAMPLE_RATE, np.float32), language="en", beam_size=BEAM, temperature=0.0, word_timestamps=True,
            without_timestamps=False, vad_filter=False,
        )  # fmt: skip
        self._options = info.transcription_options
        self._made: tuple[Any, list[dict[str, Any]]] | None = None

    def read(self, batch: Sequence[Samples], prompt: str) -> list[Heard]:
        """Each of `batch` (16 kHz mono), as if it were alone, after `prompt` (as `hotwords`). Blocking.

        One pass of the model for each length among them.
        """
        lengths = [_length(samples) for samples in batch]
        found: dict[int, Heard] = {}
        for length in set(lengths):
            places = [n for n, other in enumerate(lengths) if other == length]
            found |= dict(
                zip(places, self._pass([batch[n] for n in places], length, prompt), strict=True)
            )
        return [found[n] for n in range(len(batch))]

    def _pass(self, batch: Sequence[Samples], frames: int, prompt: str) -> list[Heard]:
        features = np.stack(
            [
                pad_or_trim(self.model.feature_extractor(samples)[..., :-1], frames)
                for samples in batch
            ]
        )
        encoded = self.model.encode(features)
        outputs = [self._believed(result) for result in self._decoded(encoded, len(batch), prompt)]
        on_cpu = encoded if encoded.device == "cpu" else encoded.to_device(ctranslate2.Device.cpu)
        states = np.asarray(on_cpu, dtype=np.float32)
        return [
            self._placed(one, output, samples)
            for one, output, samples in zip(states, outputs, batch, strict=True)
        ]

    def _decoded(self, encoded: Any, size: int, prompt: str) -> list[Any]:
        tokens = self.model.get_prompt(
            self._tokenizer, previous_tokens=[], without_timestamps=False, hotwords=prompt
        )
        found: list[Any] = self.model.model.generate(
            encoded,
            [tokens] * size,
            beam_size=BEAM,
            num_hypotheses=BEAM,
            max_length=self.model.max_length,
            suppress_blank=self._options.suppress_blank,
            suppress_tokens=self._options.suppress_tokens,
            return_scores=True,
            return_no_speech_prob=True,
        )
        return found

    def _believed(self, result: Any) -> dict[str, Any]:
        """As the library makes it of the likeliest reading."""
        readings = [
            self._tokenizer.decode(tokens).lower().split() for tokens in result.sequences_ids
        ]
        likelihoods = [
            score * len(tokens)
            for score, tokens in zip(result.scores, result.sequences_ids, strict=True)
        ]
        n = agreed([[word.strip(" ,.?!") for word in reading] for reading in readings], likelihoods)
        tokens = result.sequences_ids[n]
        return {
            "tokens": tokens,
            "avg_logprob": likelihoods[n] / (len(tokens) + 1),
            "no_speech_prob": result.no_speech_prob,
        }

    def generate_segment_batched(self, features: Any, tokenizer: Any, options: Any) -> Any:
        """What was just made for one stretch, when the library asks for it to place its words in time."""
        assert self._made is not None
        return self._made

    def _placed(self, states: States, output: dict[str, Any], samples: Samples) -> Heard:
        if output["no_speech_prob"] > NO_SPEECH and output["avg_logprob"] <= LOG_PROBABILITY:
            return Heard([], states)
        # One at a time: where the library puts a first word depends on the last one of the stretch before.
        self._made, self.last_speech_timestamp = (
            (ctranslate2.StorageView.from_array(states[None]), [output]),
            0.0,
        )
        [found] = self.forward(
            None,
            self._tokenizer,
            [{"offset": 0.0, "duration": len(samples) / SAMPLE_RATE}],
            self._options,
        )
        self._made = None
        return Heard([_segment(n, segment) for n, segment in enumerate(found)], states)


def _length(samples: Samples) -> int:
    """Mel frames (100 a second) that the encoder is shown."""
    seconds = len(samples) / SAMPLE_RATE + AFTER_S
    return 100 * next((length for length in LENGTHS_S if seconds <= length), LENGTHS_S[-1])


def _segment(number: int, found: dict[str, Any]) -> Segment:
    words = [Word(**word) for word in found["words"]]
    return Segment(id=number, temperature=0.0, **{**found, "words": words})
