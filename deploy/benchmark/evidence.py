"""`lahstats benchmark evidence`: how probable a count is, fitted to some recordings for others.

A count is right when the truth has the word at that time. A recording without Singlish makes every
count wrong. The weights are fitted by logistic regression; each recording is judged by weights that
were fitted without it.
"""

import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise, product
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from adapters.settings import Settings
from deploy.benchmark.in_process import Outcome, Stages, read
from deploy.benchmark.logistic_fit import fitted, left_out
from deploy.benchmark.recordings import leads_s, recordings_with, run_all
from deploy.benchmark.spoken_truth import Moment, moments
from schemas.objects import Turns
from schemas.odds import logistic
from streams.tally.counter import Counted
from streams.tally.evidence import Calibration, Evidence, weighed

NEAR_MS = 1_800
"""A count belongs to a word of the truth so near: sentences have times, words do not."""
MODELS = ("spelled", "misheard")
BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 1.0)
PRECISION = 0.95
"""Wanted of the counts that are shown, on recordings that the weights were not fitted to."""
PLAIN_WORTH = 2.0
"""Of a false count in talk without Singlish. It is the worst, and the rarest in the samples."""
FALSE_PER_HOUR = 1.0
"""Counts that nobody said, shown in an hour without Singlish: no more."""
LEAST_SHOWN = 60
"""Hundredths: a less probable count is never shown, however few of its kind were false here."""
ComputeType = Literal["int8", "float32"]
COMPUTE_TYPES: tuple[ComputeType, ...] = get_args(ComputeType)
"""The default of a processor and that of a CUDA device, which write other words here and there."""


@dataclass(frozen=True)
class Sample:
    """One count of a recording: its evidence, and whether it was said.

    `is_plain`: the recording has no Singlish. `held_out` is its probability by the weights that
    were fitted to all other recordings.
    """

    recording: str
    word: str
    evidence: Evidence
    is_right: bool
    is_plain: bool
    held_out: float = 0.0


@dataclass(frozen=True)
class Job:
    """One recording after `lead_s` of silence, transcribed in each of COMPUTE_TYPES."""

    path: Path
    lead_s: float


@dataclass(frozen=True)
class Heard:
    """The counts of one job, and how much audio without Singlish was transcribed for them."""

    samples: list[Sample]
    plain_s: float


@dataclass(frozen=True)
class Bin:
    """The counts of a range of probabilities: how many, their mean, how often right."""

    probability: str
    counts: int
    mean: float
    right: float


def recordings(folders: Sequence[Path]) -> list[Path]:
    """Return the recordings of which each counted word can be judged, in order.

    Raises ValueError when there is none.
    """
    lack = "no NAME.flac with a NAME.json that says when each word was said"
    return recordings_with(folders, lambda path: moments(path) is not None, lack)


def jobs(paths: Sequence[Path], offsets: int) -> list[Job]:
    """Return each recording, with its windows cut at as many offsets."""
    return [Job(path, lead_s) for path, lead_s in product(paths, leads_s(offsets))]


def samples(jobs: Sequence[Job], workers: int) -> Iterator[Heard]:
    """Yield the counts of each job, as they end. Blocking."""
    return run_all(_run, jobs, workers)


@cache
def _stages(compute_type: ComputeType) -> Stages:
    return Stages(Settings(transcribe_compute_type=compute_type))


def _run(job: Job) -> Heard:
    recording = read(job.path)
    has_singlish = bool(moments(job.path))
    found: list[Sample] = []
    plain_s = 0.0
    turns: Turns | None = None
    for compute_type in COMPUTE_TYPES:
        outcome = _stages(compute_type).run(recording, job.lead_s, turns)
        turns = outcome.turns  # voices depend on no compute type
        found += judged(job.path, outcome, job.lead_s)
        if not has_singlish:
            plain_s += outcome.duration_s - job.lead_s
    return Heard(found, plain_s)


def judged(path: Path, outcome: Outcome, lead_s: float) -> list[Sample]:
    """Return each count with its evidence, and whether the truth has it."""
    truth = moments(path, lead_s) or []
    is_plain = not truth
    found = []
    for counted in outcome.counted:
        if counted.evidence is not None:
            moment = _nearest(truth, counted)
            if moment is not None:
                truth.remove(moment)  # a word that was said once makes one count right
            is_right = moment is not None
            found.append(Sample(path.stem, counted.word, counted.evidence, is_right, is_plain))
    return found


def _nearest(truth: Sequence[Moment], counted: Counted) -> Moment | None:
    """Return the nearest moment of the word; None when none is near."""

    def away_ms(moment: Moment) -> int:
        return abs(moment.at_ms - counted.start_ms)

    of_word = [moment for moment in truth if moment.word == counted.word]
    nearest = min(of_word, key=away_ms, default=None)
    if nearest is None or away_ms(nearest) > NEAR_MS:
        return None
    return nearest


def calibrated(found: Sequence[Sample], plain_s: float) -> tuple[Calibration, list[Sample]]:
    """Return weights fitted to all samples, and the samples as weights without them judge them.

    `plain_s`: seconds of the recordings without Singlish.
    """
    kept: list[Sample] = []
    for own, others in left_out(found):
        weights = _weights(others)
        kept += [replace(one, held_out=_probability(weights, one.evidence)) for one in own]
    weights = _weights(found)
    least = _shown_from(kept, plain_s / 3600)
    return Calibration(least, weights["spelled"], weights["misheard"]), kept


def _weights(found: Sequence[Sample]) -> dict[str, dict[str, float]]:
    weights: dict[str, dict[str, float]] = {}
    for model in MODELS:
        own = [one for one in found if one.evidence.model == model]
        weights[model] = _fitted(own)
    return weights


def _fitted(found: Sequence[Sample]) -> dict[str, float]:
    if not found:
        return {}
    features = [one.evidence.features() for one in found]
    names = list(features[0])
    rows = np.array([[of_one[name] for name in names] for of_one in features])
    right = np.array([one.is_right for one in found], dtype=float)
    worth = np.array([PLAIN_WORTH if one.is_plain else 1.0 for one in found])
    return dict(zip(names, fitted(rows, right, worth), strict=True))


def _probability(weights: dict[str, dict[str, float]], evidence: Evidence) -> float:
    log_odds = weighed(weights[evidence.model], evidence.features())
    return logistic(log_odds)


def _shown_from(kept: Sequence[Sample], plain_hours: float) -> float:
    """Return the least probability, in hundredths, from which what is shown is right enough."""
    for hundredths in range(LEAST_SHOWN, 100):
        least = hundredths / 100
        shown = [sample for sample in kept if sample.held_out >= least]
        right = sum(sample.is_right for sample in shown)
        false_in_plain = sum(sample.is_plain for sample in shown)
        is_precise = right >= PRECISION * len(shown)
        is_quiet = false_in_plain <= FALSE_PER_HOUR * plain_hours
        if is_precise and is_quiet:
            return least
    return 1.0


def written(calibration: Calibration, command: str) -> str:
    """Return the text of evidence.toml."""
    lines = [
        f"# Written by `{command}`.",
        "# Weights of the log-odds that a word was said; `streams/tally/evidence.py` has features.",
        "",
        f"shown_from = {calibration.shown_from}",
    ]
    for model in MODELS:
        lines += ["", f"[{model}]"]
        weights = calibration.weights(model)
        lines += [f"{name} = {weight:.3f}" for name, weight in weights.items()]
    return "\n".join([*lines, ""])


def reliability(kept: Sequence[Sample]) -> Iterator[Bin]:
    """Yield each of BINS that has a count."""
    for low, high in pairwise(BINS):
        end = math.inf if high == BINS[-1] else high  # the last bin has its upper bound too
        in_bin = [sample for sample in kept if low <= sample.held_out < end]
        if in_bin:
            mean = statistics.fmean(sample.held_out for sample in in_bin)
            right = statistics.fmean(sample.is_right for sample in in_bin)
            yield Bin(f"{low:g} to {high:g}", len(in_bin), mean, right)
