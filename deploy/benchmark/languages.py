"""`lahstats benchmark languages`: how well it is known that a segment is English.

A recording is of one language, that of NAME.json. The weights of `consumers/transcribe/language.py`
are fitted by logistic regression; each recording is judged by weights that were fitted without it.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path

import numpy as np

from adapters.objects.lexicons import shipped_lexicon
from adapters.settings import Settings
from consumers.transcribe.recognised import RecognisedSegment
from deploy.benchmark.in_process import loaded_whisper, owned_windows, read
from deploy.benchmark.logistic_fit import fitted, left_out
from deploy.benchmark.real_recordings import Truth
from deploy.benchmark.recordings import recordings_with, truth_beside
from deploy.table_printer import markdown as table
from schemas.odds import logistic, logit

ENGLISH = "en"
CODE = 2
"""Letters of a language: "en", and "en-SG" for an accent. Others are no language, or several."""
MOST_WORDS = 10
"""A segment weighs as many words as it has, up to so many."""
EVEN = 0.5
COLUMNS = (
    "English is known by", "log loss", "mean of English", "English under even odds",
    "mean of others", "others over even odds",
)  # fmt: skip


@dataclass(frozen=True)
class Segment:
    """One segment: its number of words, and what is known of its language.

    `held_out` is its probability of English by weights that were fitted without its recording.
    """

    recording: str
    is_english: bool
    words: int
    heard: float
    understood: float
    held_out: float = 0.0

    @property
    def weight(self) -> float:
        """From 0 to 1."""
        return min(MOST_WORDS, self.words) / MOST_WORDS


def recordings(folders: Sequence[Path]) -> list[Path]:
    """Return the recordings of one known language, in order. Raises ValueError without any."""
    lack = "no NAME.flac with a NAME.json that says its language: en, en-SG, zh"
    return recordings_with(folders, lambda path: language(path) is not None, lack)


def language(audio: Path) -> str | None:
    """Return the language beside a recording, without its accent; None when it is not one."""
    if not audio.with_suffix(".json").exists():
        return None
    code = truth_beside(audio, Truth).language.split("-")[0]
    return code if len(code) == CODE and code.isalpha() else None


def segments(paths: Sequence[Path]) -> Iterator[list[Segment]]:
    """Yield the segments of each recording. Blocking: the model runs."""
    settings = Settings()
    lexicon = shipped_lexicon()
    whisper = loaded_whisper(settings)
    for path in paths:
        found: list[Segment] = []
        for owned in owned_windows(read(path), settings.window_ms):
            packed = owned.stretch.packed
            if packed.speech:
                [heard] = whisper.recognise([packed.samples], lexicon.prompt())
                found += [_segment(path, segment) for segment in heard.segments if segment.words]
        yield found


def _segment(path: Path, segment: RecognisedSegment) -> Segment:
    return Segment(
        recording=path.stem,
        is_english=language(path) == ENGLISH,
        words=len(segment.words),
        heard=segment.heard,
        understood=segment.understood,
    )


def judged(found: Sequence[Segment]) -> list[Segment]:
    """Return the segments, each recording judged by weights without it."""
    kept: list[Segment] = []
    for own, others in left_out(found):
        known = weights(others)
        kept += [replace(one, held_out=_probability(known, one)) for one in own]
    return kept


def _probability(known: Sequence[float], segment: Segment) -> float:
    log_odds = float(np.dot(known, _features(segment)))
    return logistic(log_odds)


def weights(found: Sequence[Segment]) -> list[float]:
    """Return ALWAYS, HEARD and UNDERSTOOD, fitted to the segments."""
    rows = np.array([_features(one) for one in found])
    right = np.array([float(one.is_english) for one in found])
    worth = np.array([one.weight for one in found])
    return fitted(rows, right, worth)


def _features(segment: Segment) -> list[float]:
    return [1.0, logit(segment.heard), logit(segment.understood)]


KNOWN_BY: dict[str, Callable[[Segment], float]] = {
    "its sound alone, as Whisper says": attrgetter("heard"),
    "its sound and its text": attrgetter("held_out"),
}


def markdown(kept: Sequence[Segment]) -> list[str]:
    """Return both ways to know English as a table."""
    rows = [(name, *_figures(kept, by)) for name, by in KNOWN_BY.items()]
    return table(COLUMNS, rows)


def document(kept: Sequence[Segment]) -> dict[str, object]:
    """Return the figures as JSON values."""
    ways = {
        name: dict(zip(COLUMNS[1:], _figures(kept, by), strict=True))
        for name, by in KNOWN_BY.items()
    }
    names = ("always", "heard", "understood")
    rounded = [round(weight, 3) for weight in weights(kept)]
    english = sum(one.is_english for one in kept)
    return {
        "segments": {"English": english, "others": len(kept) - english},
        "weights": dict(zip(names, rounded, strict=True)),
        "ways": ways,
    }


def _figures(kept: Sequence[Segment], by: Callable[[Segment], float]) -> tuple[float, ...]:
    english = [one for one in kept if one.is_english]
    others = [one for one in kept if not one.is_english]
    return (
        _mean(kept, lambda one: _loss(by(one), one.is_english)),
        _mean(english, by),
        _mean(english, lambda one: by(one) < EVEN),
        _mean(others, by),
        _mean(others, lambda one: by(one) > EVEN),
    )


def _loss(probability: float, is_english: bool) -> float:
    of_truth = logit(probability) if is_english else -logit(probability)
    return -math.log(logistic(of_truth))


def _mean(some: Sequence[Segment], value: Callable[[Segment], float]) -> float:
    total = sum(one.weight for one in some)
    if not total:
        return 0.0
    weighed = sum(one.weight * value(one) for one in some)
    return round(weighed / total, 3)
