"""How a played recording is scored against the truth beside it: DER, and counts per speaker and word."""

import itertools
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyannote.core import Annotation, Segment, Timeline
from pyannote.database.util import load_rttm
from pyannote.metrics.diarization import DiarizationErrorRate


@dataclass(frozen=True)
class Score:
    """Seconds of diarization error and of speech; counted words that are true, counted, and right."""

    name: str
    error_s: float
    speech_s: float
    true: int
    counted: int
    right: int

    @property
    def der(self) -> float:
        """Diarization error rate, per cent: collar 0, overlap scored."""
        return 100 * self.error_s / self.speech_s

    @property
    def precision(self) -> float:
        """Right ones among the counted; 1 when nothing was counted."""
        return self.right / self.counted if self.counted else 1.0

    @property
    def recall(self) -> float:
        """Right ones among the true; 1 when nothing was said."""
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def score(audio: Path, document: dict[str, Any]) -> Score:
    """`document` is what `lahstats demo --json` prints."""
    truth = json.loads(audio.with_suffix(".json").read_text())
    error_s, speech_s = _diarization(audio, document, truth["duration_s"])
    said = {who: Counter(words) for who, words in truth["counted"].items()}
    heard = {speaker["label"]: Counter(speaker["words"]) for speaker in document["speakers"]}
    true, counted = (sum(sum(words.values()) for words in side.values()) for side in (said, heard))
    return Score(audio.stem, error_s, speech_s, true, counted, _right(said, heard))


def pooled(scores: list[Score]) -> Score:
    """All recordings as one."""
    sums = {field: sum(getattr(s, field) for s in scores) for field in ("error_s", "speech_s", "true", "counted", "right")}
    return Score("pooled", **sums)


def _diarization(audio: Path, document: dict[str, Any], duration_s: float) -> tuple[float, float]:
    reference = next(iter(load_rttm(str(audio.with_suffix(".rttm"))).values()))  # type: ignore[no-untyped-call]
    hypothesis = Annotation()
    for n, turn in enumerate(document["turns"]):
        hypothesis[Segment(turn["start_s"], turn["end_s"]), n] = turn["speaker"]
    metric = DiarizationErrorRate(collar=0.0, skip_overlap=False)
    parts = metric(reference, hypothesis, uem=Timeline([Segment(0, duration_s)]), detailed=True)
    return sum(parts[kind] for kind in ("confusion", "missed detection", "false alarm")), parts["total"]


def _right(said: dict[str, Counter[str]], heard: dict[str, Counter[str]]) -> int:
    names = [*heard, *[None] * max(0, len(said) - len(heard))]
    matchings = itertools.permutations(names, len(said))
    return max(sum((said[t] & heard[h]).total() for t, h in zip(said, m, strict=True) if h) for m in matchings)
