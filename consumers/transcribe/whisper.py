"""faster-whisper with the settings of the product: recognises, and scores other spellings."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from adapters.model_manifest import Manifest, check_weights
from adapters.process.allocator import keep_freed_memory
from adapters.process.reports import report_nothing
from adapters.settings import Settings
from consumers.audio.decoder import Samples
from consumers.runtime.devices import on_cuda, usable_cores
from consumers.transcribe.passes import Passes
from consumers.transcribe.vocabulary import Vocabulary
from schemas.lexicon import Lexicon

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

    from consumers.transcribe.recognised import Recognised, States

LEAST_PROBABILITY = 1e-9
"""No token is taken for less probable, so that its logarithm stays finite."""
CUDA_PASSES = Passes(size=16, count=4, rounds=2)
"""Passes on a CUDA device when nobody says: docs/models.md has what they gain."""


def load(settings: Settings, manifest: Manifest) -> "WhisperModel":
    """The model of the profile, on the device that the settings name. Blocking, seconds.

    Raises RuntimeError when weights are missing or damaged, or CUDA is asked for and absent.
    """
    report_nothing()
    from faster_whisper import WhisperModel

    keep_freed_memory()
    model = manifest.whisper(settings.models_profile)
    check_weights(settings.models_dir, model)
    path = str(settings.models_dir / model.folder) if model.kind == "weights" else model.name
    on_gpu = _on_gpu(settings)
    return WhisperModel(
        path,
        device="cuda" if on_gpu else "cpu",
        compute_type=_compute_type(settings, on_gpu),
        cpu_threads=1,
        num_workers=passes(settings).count,
        local_files_only=not settings.allow_downloads,
    )


def passes(settings: Settings) -> Passes:
    """Return how windows share the model. As many threads as passes may call it at a time."""
    usual = CUDA_PASSES if _on_gpu(settings) else Passes(size=1, count=usable_cores())
    return Passes(
        size=settings.transcribe_batch or usual.size,
        count=settings.transcribe_passes or usual.count,
        rounds=usual.rounds,
    )


def _on_gpu(settings: Settings) -> bool:
    import ctranslate2

    return on_cuda(settings.device, "ctranslate2", ctranslate2.get_cuda_device_count)


def _compute_type(settings: Settings, on_gpu: bool) -> str:
    if settings.transcribe_compute_type != "auto":
        return settings.transcribe_compute_type
    # In float16 the rest of a batch changes the words of a stretch (docs/models.md).
    return "float32" if on_gpu else "int8"


class Whisper:
    """A loaded model with the product's way to decode and to score. Blocking; thread-safe.

    `passes` calls run side by side, and others wait.

    Candidate spellings are scored after `lexicon.question()`, the style without the list of words.
    That is no worse (docs/adr/0009), and a fifth of the tokens to read for each spelling. `library`
    is faster-whisper's model.
    """

    def __init__(self, settings: Settings, manifest: Manifest, lexicon: Lexicon) -> None:
        """Loads the model. Raises RuntimeError as `load` does."""
        from faster_whisper.tokenizer import Tokenizer

        from consumers.transcribe.recognition import BatchRecogniser

        self.library = load(settings, manifest)
        tokenizer = Tokenizer(self.library.hf_tokenizer, True, task="transcribe", language="en")
        self._tokenizer = tokenizer
        self._vocabulary = Vocabulary(tokenizer)
        self._recogniser = BatchRecogniser(self.library, tokenizer, self._vocabulary)
        question = lexicon.question()
        before = [tokenizer.sot_prev, *tokenizer.encode(" " + question)] if question else []
        self._start = [*before, *tokenizer.sot_sequence, tokenizer.no_timestamps]

    def recognise(self, batch: Sequence[Samples], prompt: str) -> "list[Recognised]":
        """Text of each of `batch` (16 kHz mono, up to 30 s each), decoded after `prompt`."""
        return self._recogniser.recognise(batch, prompt)

    def is_common(self, word: str) -> bool:
        """Whether the word is everyday English as it is written, capital included."""
        return self._vocabulary.is_common(word)

    def log_likelihoods(self, states: "States", texts: Sequence[str]) -> list[float]:
        """Log-probability of each text given `states`: nats, summed over its tokens.

        Teacher-forced: the decoder reads all texts at once and says how probable each token was.
        """
        import ctranslate2

        tokens = [self._encoded(text.strip()) for text in texts]
        repeated = np.repeat(states[None], len(texts), axis=0)
        features = ctranslate2.StorageView.from_array(repeated)
        results = self.library.model.align(
            features, self._start, tokens, [len(states)] * len(texts)
        )
        return [_summed_logs(result.text_token_probs) for result in results]

    def _encoded(self, text: str) -> list[int]:
        tokens: list[int] = self._tokenizer.encode(" " + text)
        return tokens


def _summed_logs(probabilities: Sequence[float]) -> float:
    return float(np.log(np.maximum(probabilities, LEAST_PROBABILITY)).sum())
