"""faster-whisper with the settings of the product, and what its decoder thinks of other spellings of the same audio."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from adapters.model_manifest import Manifest, verified
from adapters.settings import Settings
from consumers.audio.decoder import Samples

if TYPE_CHECKING:
    from faster_whisper.transcribe import Segment

BEAM = 5
NO_SPEECH, LOG_PROBABILITY = 0.6, -1.0
"""Whisper's own gates against invented text (Radford et al., 2022, section 4.5)."""
FRAMES_PER_S = 50
SHORT_WORDS = frozenset("a i ah am an as at be by do eh go ha he hi if in is it me my no of oh ok on or so to up us we".split())
LEAST_PROBABILITY = 1e-9


class Whisper:
    """Blocking; loads the model once. Raises RuntimeError when weights are missing or damaged.

    `prompt` is put before every decoding (as `hotwords`: an `initial_prompt` is forgotten after the first segment).
    """

    def __init__(self, settings: Settings, manifest: Manifest, prompt: str) -> None:
        import ctranslate2
        from faster_whisper import WhisperModel
        from faster_whisper.tokenizer import Tokenizer

        model = manifest.whisper(settings.models_profile)
        path = str(settings.models_dir / model.folder) if model.kind == "weights" else model.name
        for file in model.files:
            if not verified(settings.models_dir / model.folder / file.name, file.sha256):
                raise RuntimeError(f"{file.name} of {model.folder} is missing or damaged: run `make install`")
        on_gpu = settings.device != "cpu" and ctranslate2.get_cuda_device_count() > 0
        if settings.device == "cuda" and not on_gpu:
            raise RuntimeError("LAHSTATS_DEVICE=cuda, but ctranslate2 sees no CUDA device")
        self._model = WhisperModel(
            path,
            device="cuda" if on_gpu else "cpu",
            compute_type="float16" if on_gpu else "int8",
            cpu_threads=1,
            local_files_only=not settings.allow_downloads,
        )
        self._tokenizer = Tokenizer(self._model.hf_tokenizer, True, task="transcribe", language="en")
        self._prompt = prompt
        begin = self._tokenizer.encode(" " + prompt)[: self._model.max_length // 2 - 1]
        self._start = [self._tokenizer.sot_prev, *begin, *self._tokenizer.sot_sequence, self._tokenizer.no_timestamps]

    def segments(self, samples: Samples) -> "list[Segment]":
        """What is said in `samples` (16 kHz mono), with word times in seconds from their start."""
        segments, _ = self._model.transcribe(
            samples,
            language="en",
            beam_size=BEAM,
            temperature=0.0,
            hotwords=self._prompt,
            word_timestamps=True,
            condition_on_previous_text=False,
            vad_filter=True,
            no_speech_threshold=NO_SPEECH,
            log_prob_threshold=LOG_PROBABILITY,
        )
        return list(segments)

    def is_common(self, word: str) -> bool:
        """Whether Whisper's vocabulary holds the word in one piece: true of everyday English, false of what it spelled by ear."""
        if len(word) <= 2:
            return word in SHORT_WORDS  # the vocabulary holds nearly every pair of letters
        return any(len(self._tokenizer.encode(" " + form)) == 1 for form in (word, word.capitalize()))

    def encoded(self, samples: Samples) -> "np.ndarray[Any, np.dtype[np.float32]]":
        """Encoder states of up to 30 s, shape (frames, dimension), 50 frames a second."""
        from faster_whisper.audio import pad_or_trim

        states = self._model.encode(pad_or_trim(self._model.feature_extractor(samples)[..., :-1]))
        found: np.ndarray[Any, np.dtype[np.float32]] = np.asarray(states, dtype=np.float32)[0]
        return found

    def log_likelihoods(self, states: "np.ndarray[Any, np.dtype[np.float32]]", texts: Sequence[str]) -> list[float]:
        """Log-probability of each text given `states` (nats, summed over its tokens), teacher-forced."""
        import ctranslate2

        features = ctranslate2.StorageView.from_array(np.ascontiguousarray(states[None]))
        return [self._log_likelihood(features, len(states), text) for text in texts]

    def _log_likelihood(self, features: Any, frames: int, text: str) -> float:
        [result] = self._model.model.align(features, self._start, [self._tokenizer.encode(" " + text.strip())], frames)
        return float(np.log(np.maximum(result.text_token_probs, LEAST_PROBABILITY)).sum())
