"""`lahstats benchmark speech`: every recording at several offsets, against its truth."""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import product
from pathlib import Path

from adapters.settings import Settings
from deploy.benchmark.first_shape import FirstShape
from deploy.benchmark.formats import sent
from deploy.benchmark.in_process import Outcome, Stages, read
from deploy.benchmark.losses import losses
from deploy.benchmark.recordings import leads_s, recordings_with, run_all
from deploy.benchmark.rules import without
from deploy.benchmark.scoring import Counts, Result, Score, score
from deploy.benchmark.turn_errors import spoken_turns

OURS = "lahstats"
FIRST = "the first product's shape"


@dataclass(frozen=True)
class Run:
    """One recording at one offset.

    `lead_s` of silence came before it. `work_s` is as in `Outcome`.
    `without` has the score for each rule that is taken away. `lost` are the words that are not
    shown, by cause.
    """

    score: Score
    lead_s: float
    duration_s: float
    work_s: dict[str, float]
    without: dict[str, Score]
    lost: Counter[str]


def recordings(folder: Path) -> list[Path]:
    """Return each NAME.flac with NAME.json and NAME.rttm beside it, in order.

    Raises ValueError when there is none.
    """
    lack = "no NAME.flac with NAME.json and NAME.rttm beside it"
    return recordings_with([folder], _has_truth, lack)


def _has_truth(path: Path) -> bool:
    return path.with_suffix(".json").exists() and path.with_suffix(".rttm").exists()


def measure(
    folder: Path, offsets: int, workers: int | None = None, sent_as: str = "", shape: str = OURS
) -> Iterator[Run]:
    """Yield one run for each recording and offset, as they end. All cores work.

    `sent_as` is a format of `deploy.benchmark.formats`; `shape` is OURS or FIRST.
    """
    work = partial(_run, sent_as=sent_as, shape=shape)
    jobs = product(recordings(folder), leads_s(offsets))
    return run_all(work, jobs, workers or os.cpu_count() or 1)


@cache
def _stages(shape: str) -> "Stages | FirstShape":
    return FirstShape(Settings()) if shape == FIRST else Stages(Settings())


def _run(job: tuple[Path, float], sent_as: str, shape: str) -> Run:
    path, lead_s = job
    samples = sent(path, sent_as) if sent_as else read(path)
    outcome = _stages(shape).run(samples, lead_s)
    lacking = without(outcome.windows) if shape == OURS else {}
    scores: dict[str, Score] = {}
    for rule, counted in lacking.items():
        without_rule = replace(outcome, counted=counted)
        scores[rule] = score(path, result_of(without_rule, lead_s))
    whole = score(path, result_of(outcome, lead_s))
    lost = losses(path, outcome, lead_s)
    return Run(whole, lead_s, outcome.duration_s, outcome.work_s, scores, lost)


def result_of(outcome: Outcome, lead_s: float) -> Result:
    """Return turns, words and counts on the recording's own timeline."""
    counts: dict[str, Counts] = {turn.speaker: Counter() for turn in outcome.turns.turns}
    for counted in outcome.counted:
        if counted.maybe:
            continue
        counts.setdefault(counted.speaker, Counter())[counted.word] += 1
    return Result(
        turns=spoken_turns(outcome.turns.turns, lead_s),
        words=[word.text for word in outcome.words],
        counts=counts,
    )
