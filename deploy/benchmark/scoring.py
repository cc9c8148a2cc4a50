"""How a played recording is scored against the truth beside it: DER, and counts per speaker and word."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pyannote.core import Annotation, Segment, Timeline
from pyannote.database.util import load_rttm
from pyannote.metrics.diarization import DiarizationErrorRate
from scipy.optimize import linear_sum_assignment


@dataclass(frozen=True)
class Hits:
    """Of one word: how often it is in the truth, was counted, and was counted for the one who said it."""

    true: int
    counted: int
    right: int


@dataclass(frozen=True)
class Score:
    """Seconds of diarization error and of speech; by word how often it is true, counted, and right; wrong and true words of all."""

    name: str
    error_s: float
    speech_s: float
    by_word: dict[str, Hits]
    wrong_words: int
    spoken_words: int
    speakers: int
    found: int

    @property
    def true(self) -> int:
        """Lexicon words in the truth."""
        return sum(hits.true for hits in self.by_word.values())

    @property
    def counted(self) -> int:
        """Words that were counted for somebody."""
        return sum(hits.counted for hits in self.by_word.values())

    @property
    def right(self) -> int:
        """Counted for the one who said it."""
        return sum(hits.right for hits in self.by_word.values())

    @property
    def wer(self) -> float:
        """Word error rate of the transcript, per cent; case and punctuation do not count."""
        return 100 * self.wrong_words / max(1, self.spoken_words)

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
    wrong, spoken = _words(truth, document)
    return Score(
        audio.stem, error_s, speech_s, _by_word(said, heard), wrong, spoken, len(said), len(heard)
    )


def pooled(scores: Sequence[Score]) -> Score:
    """All recordings as one."""
    words = sorted({word for s in scores for word in s.by_word})
    none = Hits(0, 0, 0)
    hits = {w: [s.by_word.get(w, none) for s in scores] for w in words}
    by_word = {
        w: Hits(sum(h.true for h in all_), sum(h.counted for h in all_), sum(h.right for h in all_))
        for w, all_ in hits.items()
    }
    sums = {
        field: sum(getattr(s, field) for s in scores)
        for field in ("error_s", "speech_s", "wrong_words", "spoken_words", "speakers", "found")
    }
    return Score("pooled", by_word=by_word, **sums)


def _words(truth: dict[str, Any], document: dict[str, Any]) -> tuple[int, int]:
    import jiwer

    spoken = " ".join(_plain(segment["text"]) for segment in truth["segments"])
    heard = " ".join(_plain(word["word"]) for word in document["transcript"])
    found = jiwer.process_words(" ".join(spoken.split()), " ".join(heard.split()))
    return found.substitutions + found.deletions + found.insertions, len(spoken.split())


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9' ]", " ", text.lower().replace("’", "'"))


def _diarization(audio: Path, document: dict[str, Any], duration_s: float) -> tuple[float, float]:
    parts = _errors(
        _truth(audio),
        [(t["speaker"], t["start_s"], t["end_s"]) for t in document["turns"]],
        duration_s,
    )
    return sum(parts[kind] for kind in ("confusion", "missed detection", "false alarm")), parts[
        "total"
    ]


def reference(audio: Path) -> Annotation:
    """Who speaks when in a recording, under the names of their voices where its truth tells them: the same in every recording."""
    voices = json.loads(audio.with_suffix(".json").read_text()).get("voices", {})
    truth = _truth(audio)
    return truth.rename_labels(
        {label: voices.get(label, f"{audio.stem} {label}") for label in truth.labels()}
    )


def error_rate(
    truth: Annotation, turns: Sequence[tuple[str, float, float]], duration_s: float
) -> float:
    """DER of turns (speaker, start, end in seconds): collar 0, overlap scored; 0 is none."""
    return float(_errors(truth, turns, duration_s)["diarization error rate"])


def _truth(audio: Path) -> Annotation:
    found: Annotation = next(iter(load_rttm(str(audio.with_suffix(".rttm"))).values()))  # type: ignore[no-untyped-call]
    return found


def _errors(truth: Annotation, turns: Sequence[tuple[str, float, float]], duration_s: float) -> Any:
    hypothesis = Annotation()
    for n, (speaker, start_s, end_s) in enumerate(turns):
        hypothesis[Segment(start_s, end_s), n] = speaker
    metric = DiarizationErrorRate(collar=0.0, skip_overlap=False)
    return metric(truth, hypothesis, uem=Timeline([Segment(0, duration_s)]), detailed=True)


def _by_word(said: dict[str, Counter[str]], heard: dict[str, Counter[str]]) -> dict[str, Hits]:
    right = _right(said, heard)
    true, counted = (sum(side.values(), Counter[str]()) for side in (said, heard))
    return {word: Hits(true[word], counted[word], right[word]) for word in sorted(true | counted)}


def _right(said: dict[str, Counter[str]], heard: dict[str, Counter[str]]) -> Counter[str]:
    """Return the right counts by word.

    True and found speakers are matched one to one so that most counts are right.
    """
    shared = [[mine & theirs for theirs in heard.values()] for mine in said.values()]
    if not shared or not shared[0]:
        return Counter()
    totals = np.array([[words.total() for words in row] for row in shared])
    matched = zip(*linear_sum_assignment(totals, maximize=True), strict=True)
    return sum((shared[row][column] for row, column in matched), Counter[str]())
