"""faster-whisper as the product hears with it: one pass, no temperature fallback, nothing carried over."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from adapters.model_manifest import Manifest, verified
from adapters.settings import Settings
from consumers.audio.decoder import Samples
from consumers.audio.decoding_child import RATE
from consumers.transcribe.looping import can_be_cut, is_loop, quietest_middle, skipped
from schemas.objects import HeardWord

if TYPE_CHECKING:
    from faster_whisper.transcribe import Segment

BEAM = 5
NO_SPEECH, LOG_PROBABILITY = 0.6, -1.0
"""Whisper's own gates against invented text (Radford et al., 2022, section 4.5)."""


class Hearing:
    """Blocking; loads the model once. Raises RuntimeError when weights are missing or damaged."""

    def __init__(self, settings: Settings, manifest: Manifest, hotwords: Sequence[str]) -> None:
        import ctranslate2
        from faster_whisper import WhisperModel

        model = manifest.whisper(settings.models_profile)
        path = str(settings.models_dir / model.folder) if model.kind == "weights" else model.name
        for file in model.files:
            if not verified(settings.models_dir / model.folder / file.name, file.sha256):
                raise RuntimeError(f"{file.name} of {model.folder} is missing or damaged: run `make install`")
        on_gpu = settings.device != "cpu" and ctranslate2.get_cuda_device_count() > 0
        if settings.device == "cuda" and not on_gpu:
            raise RuntimeError("LAHSTATS_DEVICE=cuda, but ctranslate2 sees no CUDA device")
        self._hotwords = " ".join(hotwords)
        self._model = WhisperModel(
            path,
            device="cuda" if on_gpu else "cpu",
            compute_type="float16" if on_gpu else "int8",
            cpu_threads=1,
            local_files_only=not settings.allow_downloads,
        )

    def hear(self, samples: Samples, offset_ms: int) -> list[HeardWord]:
        """Words of `samples` (16 kHz mono), timed on the session's timeline, which starts `offset_ms` before them."""
        segments = self._segments(samples, self._hotwords)
        looped = any(map(_loops, segments))
        if can_be_cut(samples) and (looped or _skips(samples, segments)):
            # The prompt of hotwords tempts the model into a loop; the same audio cut elsewhere breaks it.
            cut = quietest_middle(samples)
            return self.hear(samples[:cut], offset_ms) + self.hear(samples[cut:], offset_ms + cut * 1000 // RATE)
        if looped:
            segments = [segment for segment in self._segments(samples, None) if not _loops(segment)]
        return _words(segments, offset_ms)

    def _segments(self, samples: Samples, hotwords: str | None) -> "list[Segment]":
        segments, _ = self._model.transcribe(
            samples,
            language="en",
            beam_size=BEAM,
            temperature=0.0,
            hotwords=hotwords,
            word_timestamps=True,
            condition_on_previous_text=False,
            vad_filter=True,
            no_speech_threshold=NO_SPEECH,
            log_prob_threshold=LOG_PROBABILITY,
        )
        return list(segments)


def _skips(samples: Samples, segments: "list[Segment]") -> bool:
    from faster_whisper.vad import get_speech_timestamps

    words = [(word.start, word.end) for segment in segments for word in segment.words or ()]
    if not skipped([(0.0, len(samples) / RATE)], words):
        return False  # were all of it speech, nothing would be skipped: no need to look where speech is
    return skipped([(span["start"] / RATE, span["end"] / RATE) for span in get_speech_timestamps(samples)], words)


def _loops(segment: "Segment") -> bool:
    return is_loop([word.word for word in segment.words or ()], segment.compression_ratio)


def _words(segments: "list[Segment]", offset_ms: int) -> list[HeardWord]:
    return [_word(word, offset_ms) for segment in segments for word in segment.words or ()]


def _word(word: Any, offset_ms: int) -> HeardWord:
    return HeardWord(
        text=word.word.strip(),
        start_ms=offset_ms + round(word.start * 1000),
        end_ms=offset_ms + round(word.end * 1000),
        probability=round(float(word.probability), 4),
    )
