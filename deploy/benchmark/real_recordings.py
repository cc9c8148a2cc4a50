"""`lahstats benchmark real`: recordings of people, against what is known of each of them."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from adapters.settings import Settings
from deploy.benchmark.in_process import Outcome, Stages, read
from deploy.benchmark.recordings import recordings_with, run_all, truth_beside
from deploy.benchmark.scoring import Counts, word_errors
from deploy.benchmark.speech import result_of
from deploy.benchmark.turn_errors import error_rate, turns_of

Said = list[str] | dict[str, int | dict[str, int]]
"""Lexicon words that were said: each occurrence, or by word, or by speaker and word."""


class Truth(msgspec.Struct, frozen=True):
    """NAME.json beside a recording. None stands for what nobody knows."""

    kind: str = "unknown"
    language: str = "unknown"
    speakers: int | None = None
    counted: Said | None = None


@dataclass(frozen=True)
class RealRun:
    """One recording. DER and WER are per cent, and None without a truth to compare with.

    `counted` is shown, `maybe` is kept and not shown. `false` are the words of `counted` that
    nobody said; None when it is not known what was said. `work_s` is as in `Outcome`.
    """

    name: str
    kind: str
    language: str
    seconds: float
    der: float | None
    speakers: int | None
    found: int
    wer: float | None
    counted: dict[str, int]
    maybe: dict[str, int]
    false: dict[str, int] | None
    work_s: float


def recordings(folder: Path) -> list[Path]:
    """Return each NAME.flac with NAME.json beside it, in order. ValueError when there is none."""
    lack = "no NAME.flac with NAME.json beside it"
    return recordings_with([folder], lambda path: path.with_suffix(".json").exists(), lack)


def measure(folder: Path, workers: int) -> Iterator[RealRun]:
    """Yield one run for each recording, as they end. `workers` processes, each with the models."""
    return run_all(_run, recordings(folder), workers)


@cache
def _stages() -> Stages:
    return Stages(Settings())


def _run(path: Path) -> RealRun:
    return compared(path, _stages().run(read(path)))


def compared(path: Path, outcome: Outcome) -> RealRun:
    """Return the outcome of the recording beside what is known of it."""
    truth = truth_beside(path, Truth)
    result = result_of(outcome, 0.0)
    counted = sum(result.counts.values(), Counts())
    return RealRun(
        name=path.stem,
        kind=truth.kind,
        language=truth.language,
        seconds=round(outcome.duration_s, 2),
        der=_der(path, result.turns, outcome.duration_s),
        speakers=truth.speakers,
        found=len({turn.speaker for turn in outcome.turns.turns}),
        wer=_wer(path, result.words),
        counted=_sorted(counted),
        maybe=_sorted(Counter(one.word for one in outcome.counted if one.maybe)),
        false=None if truth.counted is None else _sorted(counted - said(truth.counted)),
        work_s=round(sum(outcome.work_s.values()), 2),
    )


def said(written: Said) -> Counts:
    """Return how often each word was said, by whomever."""
    total = Counts()
    if isinstance(written, list):
        return Counts(written)
    for key, value in written.items():
        total.update(value if isinstance(value, dict) else {key: value})
    return total


def _sorted(counts: Counts) -> dict[str, int]:
    return dict(sorted(counts.items()))


def _der(path: Path, turns: list[tuple[str, float, float]], duration_s: float) -> float | None:
    if not path.with_suffix(".rttm").exists():
        return None
    return round(100 * error_rate(turns_of(path), turns, duration_s), 2)


def _wer(path: Path, words: list[str]) -> float | None:
    """Against NAME.words.tsv, whose column `text` is what was said."""
    table = path.with_suffix(".words.tsv")
    if not table.exists():
        return None
    with table.open(encoding="utf-8", newline="") as rows:
        lines = list(csv.DictReader(rows, delimiter="\t"))
    texts = [line["text"] for line in lines if line.get("text") is not None]
    if len(texts) < len(lines):
        raise ValueError(f"{table}: a line without `text`")
    wrong, spoken = word_errors(texts, words)
    return round(100 * wrong / max(1, spoken), 2)
