"""`lahstats benchmark speech`: every recording at several offsets, against its truth."""

import multiprocessing
import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from adapters.settings import Settings
from deploy.benchmark.first_shape import FirstShape
from deploy.benchmark.formats import sent
from deploy.benchmark.in_process import Outcome, Stages, read
from deploy.benchmark.losses import losses
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
    found = [path for path in sorted(folder.glob("*.flac")) if _has_truth(path)]
    if not found:
        raise ValueError(f"{folder}: no NAME.flac with NAME.json and NAME.rttm beside it")
    return found


def _has_truth(path: Path) -> bool:
    return path.with_suffix(".json").exists() and path.with_suffix(".rttm").exists()


def measure(
    folder: Path, offsets: int, workers: int | None = None, sent_as: str = "", shape: str = OURS
) -> Iterator[Run]:
    """Yield one run for each recording and offset, as they end. All cores work.

    Offset n of N leads by n/N of a window of silence, so that windows are cut elsewhere.
    `sent_as` is a format of `deploy.benchmark.formats`; `shape` is OURS or FIRST.
    """
    window_s = Settings().window_ms / 1000
    leads_s = [n * window_s / offsets for n in range(offsets)]
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers or os.cpu_count() or 1, mp_context=spawn) as pool:
        jobs = [
            pool.submit(_run, path, lead_s, sent_as, shape)
            for path in recordings(folder)
            for lead_s in leads_s
        ]
        for done in as_completed(jobs):
            yield done.result()


@cache
def _stages(shape: str) -> "Stages | FirstShape":
    return FirstShape(Settings()) if shape == FIRST else Stages(Settings())


def _run(path: Path, lead_s: float, sent_as: str, shape: str) -> Run:
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
