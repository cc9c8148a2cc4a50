"""faster-whisper with the settings of the product, and what its decoder thinks of other spellings of the same audio."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from adapters.model_manifest import Manifest, verified
from adapters.settings import Settings
from consumers.audio.decoder import Samples
from schemas.lexicon import Lexicon

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

    from consumers.transcribe.recognition import Heard, States

FRAMES_PER_S = 50
SHORT_WORDS = frozenset(
    "a i ah am an as at be by do eh go ha he hi if in is it me my no o of oh ok on or so to up us we".split()
)
LEAST_PROBABILITY = 1e-9


def load(settings: Settings, manifest: Manifest) -> "WhisperModel":
    """The model of the profile, on the device that the settings name. Raises RuntimeError when it cannot be had."""
    import ctranslate2
    from faster_whisper import WhisperModel

    model = manifest.whisper(settings.models_profile)
    path = str(settings.models_dir / model.folder) if model.kind == "weights" else model.name
    for file in model.files:
        if not verified(settings.models_dir / model.folder / file.name, file.sha256):
            raise RuntimeError(
                f"{file.name} of {model.folder} is missing or damaged: run `make install`"
            )
    on_gpu = settings.device != "cpu" and ctranslate2.get_cuda_device_count() > 0
    if settings.device == "cuda" and not on_gpu:
        raise RuntimeError("LAHSTATS_DEVICE=cuda, but ctranslate2 sees no CUDA device")
    own = (
        "float32" if on_gpu else "int8"
    )  # in float16 what else is in a batch changes words (docs/models.md)
    return WhisperModel(
        path,
        device="cuda" if on_gpu else "cpu",
        compute_type=own
        if settings.transcribe_compute_type == "auto"
        else settings.transcribe_compute_type,
        cpu_threads=1,
        local_files_only=not settings.allow_downloads,
    )


class Whisper:
    """Blocking; loads the model once. Raises RuntimeError when weights are missing or damaged.

    The prompt of `lexicon` is put before every decoding: its words and the style of talk, the style alone where speech was skipped.
    """

    def __init__(self, settings: Settings, manifest: Manifest, lexicon: Lexicon) -> None:
        from faster_whisper.tokenizer import Tokenizer

        from consumers.transcribe.recognition import Reader

        self._model = load(settings, manifest)
        self._tokenizer = Tokenizer(
            self._model.hf_tokenizer, True, task="transcribe", language="en"
        )
        self._reader, self._prompt, self._style = (
            Reader(self._model, self._tokenizer),
            lexicon.prompt(),
            lexicon.style,
        )
        # Judged in the same style, without the list of words: no worse (ADR 0009), and a fifth of the tokens to read for each spelling.
        question = lexicon.question()
        before = (
            [self._tokenizer.sot_prev, *self._tokenizer.encode(" " + question)] if question else []
        )
        self._start = [*before, *self._tokenizer.sot_sequence, self._tokenizer.no_timestamps]

    def listen(self, batch: Sequence[Samples], again: bool = False) -> "list[Heard]":
        """What is said in each of `batch` (16 kHz mono, up to 30 s each): one pass of the model over all of them.

        `again`: the audio was heard, and no word found in it. A list of rare words makes Whisper skip passages, or echo it (ADR 0008).
        """
        return self._reader.read(batch, self._style if again else self._prompt)

    def is_common(self, word: str) -> bool:
        """Whether Whisper's vocabulary holds the word in one piece: true of everyday English, false of what it spelled by ear.

        A name is held with its capital alone: "Tae" is one, "tae" is spelled by ear; any word may begin a sentence.
        """
        if len(word) <= 2:
            return word.lower() in SHORT_WORDS  # the vocabulary holds nearly every pair of letters
        return any(len(self._tokenizer.encode(" " + form)) == 1 for form in {word, word.lower()})

    def log_likelihoods(self, states: "States", texts: Sequence[str]) -> list[float]:
        """Log-probability of each text given `states` (nats, summed over its tokens), teacher-forced."""
        import ctranslate2

        features = ctranslate2.StorageView.from_array(np.ascontiguousarray(states[None]))
        return [self._log_likelihood(features, len(states), text) for text in texts]

    def _log_likelihood(self, features: Any, frames: int, text: str) -> float:
        [result] = self._model.model.align(
            features, self._start, [self._tokenizer.encode(" " + text.strip())], frames
        )
        return float(np.log(np.maximum(result.text_token_probs, LEAST_PROBABILITY)).sum())
