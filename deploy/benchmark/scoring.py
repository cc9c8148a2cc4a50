"""Scores of one recording against its truth: DER, WER, and counts per speaker and word."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import jiwer
import msgspec
import numpy as np
from pyannote.core import Annotation
from scipy.optimize import linear_sum_assignment

from deploy.benchmark.recordings import truth_beside
from deploy.benchmark.turn_errors import SpokenTurn, errors, turns_of

Counts = Counter[str]
"""How often each word was said."""
SUMMED = ("error_s", "speech_s", "wrong_words", "spoken_words", "speakers", "found")


@dataclass(frozen=True)
class Result:
    """A product's result for a recording, on the recording's own timeline.

    `words` are in order; `counts` are by speaker.
    """

    turns: list[SpokenTurn]
    words: list[str]
    counts: dict[str, Counts]


class SpokenSegment(msgspec.Struct, frozen=True):
    """Some words of the truth."""

    text: str


class Truth(msgspec.Struct, frozen=True):
    """NAME.json beside a recording.

    `counted` has the lexicon words by speaker. `voices` names the same voice alike in every
    recording.
    """

    duration_s: float
    counted: dict[str, dict[str, int]]
    segments: list[SpokenSegment]
    voices: dict[str, str] = {}


@dataclass(frozen=True)
class Hits:
    """One word: how often it is in the truth, was counted, and was counted for its speaker."""

    true: int
    counted: int
    right: int


@dataclass(frozen=True)
class Score:
    """One recording, or several as one.

    Seconds of diarization error and of speech; hits by word; wrong words of the transcript and
    words of the truth; speakers of the truth and those that were found.
    """

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


def score(audio: Path, result: Result) -> Score:
    """Score `result` against the truth beside `audio`. Raises OSError when there is none."""
    truth = _truth(audio)
    said = {speaker: Counter(words) for speaker, words in truth.counted.items()}
    error_s, speech_s = _diarization(audio, result, truth.duration_s)
    wrong, spoken = word_errors([segment.text for segment in truth.segments], result.words)
    return Score(
        name=audio.stem,
        error_s=error_s,
        speech_s=speech_s,
        by_word=_by_word(said, result.counts),
        wrong_words=wrong,
        spoken_words=spoken,
        speakers=len(said),
        found=len(result.counts),
    )


def pooled(scores: Sequence[Score]) -> Score:
    """Return all recordings as one."""
    hits: dict[str, list[Hits]] = {}
    for one in scores:
        for word, of_word in one.by_word.items():
            hits.setdefault(word, []).append(of_word)
    by_word = {word: _sum(hits[word]) for word in sorted(hits)}
    sums = {name: sum(getattr(one, name) for one in scores) for name in SUMMED}
    return Score("pooled", by_word=by_word, **sums)


def _sum(hits: Sequence[Hits]) -> Hits:
    return Hits(
        true=sum(one.true for one in hits),
        counted=sum(one.counted for one in hits),
        right=sum(one.right for one in hits),
    )


def word_errors(texts: Iterable[str], words: Iterable[str]) -> tuple[int, int]:
    """Return wrong words of a transcript against true `texts`, and the number of true words."""
    spoken = plain_words(texts)
    written = plain_words(words)
    found = jiwer.process_words(" ".join(spoken), " ".join(written))
    wrong = found.substitutions + found.deletions + found.insertions
    return wrong, len(spoken)


def plain_words(texts: Iterable[str]) -> list[str]:
    """Return the words of texts as they are compared: without case and punctuation."""
    lower = " ".join(texts).lower().replace("’", "'")
    return re.sub(r"[^a-z0-9' ]", " ", lower).split()


def _diarization(
    audio: Path,
    result: Result,
    duration_s: float,
) -> tuple[float, float]:
    """Return seconds of error and of speech."""
    parts = errors(turns_of(audio), result.turns, duration_s)
    kinds = ("confusion", "missed detection", "false alarm")
    return sum(parts[kind] for kind in kinds), parts["total"]


def reference(audio: Path) -> Annotation:
    """Return the true turns of a recording.

    Speakers have the names of their voices where the truth has them: the same in every recording.
    """
    voices = _truth(audio).voices
    turns = turns_of(audio)
    names = {label: voices.get(label, f"{audio.stem} {label}") for label in turns.labels()}
    return turns.rename_labels(names)


def _truth(audio: Path) -> Truth:
    return truth_beside(audio, Truth)


def _by_word(said: Mapping[str, Counts], found: Mapping[str, Counts]) -> dict[str, Hits]:
    true = _total(said.values())
    counted = _total(found.values())
    right = _right(list(said.values()), list(found.values()))
    by_word: dict[str, Hits] = {}
    for word in sorted(true | counted):
        by_word[word] = Hits(true[word], counted[word], right[word])
    return by_word


def _total(each: Iterable[Counts]) -> Counts:
    return sum(each, Counts())


def _right(said: Sequence[Counts], found: Sequence[Counts]) -> Counts:
    """Return the right counts by word.

    `said` are the counts of the true speakers, `found` those of the found ones. They are matched
    one to one so that most counts are right. Of a pair, a word is right as often as both have it.
    """
    if not said or not found:
        return Counts()
    right_of_pair = np.zeros((len(said), len(found)), np.int64)
    for row, of_true in enumerate(said):
        for column, of_found in enumerate(found):
            in_both = of_true & of_found
            right_of_pair[row, column] = in_both.total()
    rows, columns = linear_sum_assignment(right_of_pair, maximize=True)
    right = Counts()
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        right += said[row] & found[column]
    return right
