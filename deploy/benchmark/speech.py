"""`lahstats benchmark speech`: every recording of a folder through the stages, at several offsets, against its truth."""

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from adapters.settings import Settings
from deploy.benchmark.first_shape import FirstShape
from deploy.benchmark.formats import sent
from deploy.benchmark.in_process import Outcome, Stages, read
from deploy.benchmark.rules import without
from deploy.benchmark.scoring import Score, score

OURS, FIRST = "lahstats", "the first product's shape"


@dataclass(frozen=True)
class Run:
    """One recording at one offset; `work_s` is seconds of work by stage, on one core; `without` is the score when a rule is not there."""

    score: Score
    lead_s: float
    duration_s: float
    work_s: dict[str, float]
    without: dict[str, Score]


def recordings(folder: Path) -> list[Path]:
    """NAME.flac with NAME.json and NAME.rttm beside it. Raises ValueError when there is none."""
    found = [
        path
        for path in sorted(folder.glob("*.flac"))
        if path.with_suffix(".json").exists() and path.with_suffix(".rttm").exists()
    ]
    if not found:
        raise ValueError(f"{folder}: no NAME.flac with NAME.json and NAME.rttm beside it")
    return found


def measure(
    folder: Path, offsets: int, workers: int | None = None, sent_as: str = "", shape: str = OURS
) -> Iterator[Run]:
    """One run per recording and offset, as they end, on all cores. Offset n of N leads by n/N of a window of silence.

    `sent_as`: a format of `deploy.benchmark.formats`; `shape`: OURS, or FIRST.
    """
    window_s = Settings().window_ms / 1000
    jobs = [(path, n * window_s / offsets) for path in recordings(folder) for n in range(offsets)]
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers or os.cpu_count() or 1, mp_context=spawn) as pool:
        for done in as_completed(
            [pool.submit(_run, path, lead_s, sent_as, shape) for path, lead_s in jobs]
        ):
            yield done.result()


@cache
def _stages(shape: str) -> "Stages | FirstShape":
    return FirstShape(Settings()) if shape == FIRST else Stages(Settings())


def _run(path: Path, lead_s: float, sent_as: str, shape: str) -> Run:
    outcome = _stages(shape).run(sent(path, sent_as) if sent_as else read(path), lead_s)
    lacking = without(outcome.words) if shape == OURS else {}
    scores = {
        rule: score(path, document(replace(outcome, counted=counted), lead_s))
        for rule, counted in lacking.items()
    }
    return Run(
        score(path, document(outcome, lead_s)), lead_s, outcome.duration_s, outcome.work_s, scores
    )


def document(outcome: Outcome, lead_s: float) -> dict[str, Any]:
    """As `lahstats demo --json` prints it: turns, words and counts on the recording's own timeline."""
    speakers: dict[str, dict[str, int]] = {turn.speaker: {} for turn in outcome.turns.turns}
    for counted in outcome.counted:
        words = speakers.setdefault(counted.speaker, {})
        words[counted.word] = words.get(counted.word, 0) + 1
    return {
        "turns": [
            {
                "speaker": t.speaker,
                "start_s": t.start_ms / 1000 - lead_s,
                "end_s": t.end_ms / 1000 - lead_s,
            }
            for t in outcome.turns.turns
        ],
        "speakers": [{"label": label, "words": words} for label, words in speakers.items()],
        "transcript": [
            {"speaker": w.speaker, "word": w.text, "start_s": w.start_ms / 1000 - lead_s}
            for w in outcome.words
        ],
    }
