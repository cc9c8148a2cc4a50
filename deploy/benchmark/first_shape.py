"""The shape of the first product, for comparison: all work begins after stop.

Everything is joined and diarized, each turn is transcribed by itself, and substrings are replaced.
Same weights, same machine. It rebuilds the shape with each library's own defaults; it is not the
old code.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from adapters import model_manifest
from adapters.objects.lexicons import shipped_lexicon
from adapters.settings import Settings
from consumers.audio.decoder import Samples
from consumers.cluster.identification import labelled
from consumers.transcribe.whisper import load
from consumers.voices import pyannote_models
from deploy.benchmark.in_process import Outcome, noted, work_clock
from deploy.benchmark.whole_file import by_pipeline
from schemas.audio import SAMPLE_RATE
from schemas.ids import SpeakerLabel
from schemas.lexicon import Lexicon
from schemas.objects import AttributedWord, Turn, Turns
from streams.tally.counter import Counted, Why

STEP_S = 1.0
"""pyannote's default: a chunk every tenth of its length."""
SHORTEST_S = 0.1
HEARD_AS = {
    "law": "lah",
    "la ": "lah ",
    "lore": "lor",
    "while": "walao",
    "koinna": "kena",
    "tae": "teh",
    "kepo": "kaypoh",
    "siya": "sia",
    "xiao": "sia",
}
"""Usual mis-hearings of the commonest words. They are replaced inside other words too."""


class FirstShape:
    """Loads the models once. Blocking."""

    def __init__(self, settings: Settings) -> None:
        manifest = model_manifest.load(settings.models_manifest)
        self._whisper = load(settings, manifest)
        own_step = settings.model_copy(update={"diarization_step_s": STEP_S})
        self._diarizer = pyannote_models.load(own_step, manifest)
        self._lexicon = shipped_lexicon()
        self._work_clock = work_clock(settings)

    def run(self, recording: Samples, lead_s: float = 0.0) -> Outcome:
        """All of the work is done after the recording's end."""
        samples = np.concatenate([np.zeros(int(lead_s * SAMPLE_RATE), np.float32), recording])
        work: dict[str, float] = {"cluster": 0.0}
        with noted(work, "diarize", self._work_clock):
            turns = self._turns(samples)
        with noted(work, "transcribe", self._work_clock):
            words = [word for turn in turns.turns for word in self._said(samples, turn)]
        return Outcome(
            len(samples) / SAMPLE_RATE, turns, (tuple(words),), _counted(words, self._lexicon), work
        )

    def _turns(self, samples: Samples) -> Turns:
        found = by_pipeline(self._diarizer, samples)
        return labelled(replace(found, exclusive=found.turns), None)

    def _said(self, samples: Samples, turn: Turn) -> list[AttributedWord]:
        first = turn.start_ms * SAMPLE_RATE // 1000
        end = turn.end_ms * SAMPLE_RATE // 1000
        part = samples[first:end]
        if len(part) < SHORTEST_S * SAMPLE_RATE:
            return []
        segments, _ = self._whisper.transcribe(part, language="en")
        text = corrected(" ".join(segment.text for segment in segments), self._lexicon)
        return [
            AttributedWord(
                text=w,
                start_ms=turn.start_ms,
                end_ms=turn.end_ms,
                probability=1.0,
                speaker=turn.speaker,
            )
            for w in text.split()
        ]


def corrected(text: str, lexicon: Lexicon) -> str:
    """Return `text` in lower case, with mis-hearings and variants replaced wherever they occur."""
    text = text.lower() + " "
    for heard, meant in HEARD_AS.items():
        text = text.replace(heard, meant)
    for entry in lexicon.words:
        for variant in entry.variants:
            text = text.replace(variant, entry.word)
    return text


def _counted(words: Sequence[AttributedWord], lexicon: Lexicon) -> list[Counted]:
    known = {entry.word for entry in lexicon.words}
    counts = [_count(word, known) for word in words]
    return [count for count in counts if count is not None]


def _count(word: AttributedWord, known: set[str]) -> Counted | None:
    text = word.text.strip(".,!?;:…\"'")
    if text not in known:
        return None
    return Counted(
        speaker=word.speaker or SpeakerLabel(""),
        word=text,
        start_ms=word.start_ms,
        probability=1.0,
        why=Why.MISHEARD,
    )
