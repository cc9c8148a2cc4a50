"""Runs of the speech benchmark as one document and as tables."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from deploy.benchmark.scoring import pooled
from deploy.benchmark.speech import Run

STAGES = ("transcribe", "diarize", "cluster")
COLUMNS = (
    "recording", "runs", "DER %", "speakers (found)", "true", "counted", "right", "P", "R", "F1", "WER %", "RTF transcribe", "RTF diarize",
)  # fmt: skip


def document(runs: Sequence[Run]) -> dict[str, Any]:
    """All figures, per recording and in all, each summed over the offsets."""
    names = sorted({run.score.name for run in runs})
    by_name = {name: [run for run in runs if run.score.name == name] for name in names}
    return {"recordings": [_figures(name, found) for name, found in by_name.items()], "all": _figures("all", runs)}


def _figures(name: str, runs: Sequence[Run]) -> dict[str, Any]:
    score, audio_s = pooled([run.score for run in runs]), sum(run.duration_s for run in runs)
    figures = {field: round(getattr(score, field), 4) for field in ("der", "precision", "recall", "f1", "wer")}
    counts = {field: getattr(score, field) for field in ("true", "counted", "right", "speakers", "found")}
    rtf = {stage: round(sum(run.work_s[stage] for run in runs) / audio_s, 4) for stage in STAGES}
    return {"name": name, "runs": len(runs), **figures, **counts, "rtf": rtf, "words": {w: asdict(h) for w, h in score.by_word.items()}}


def markdown(runs: Sequence[Run]) -> list[str]:
    """The same as tables: recordings, then words."""
    found = document(runs)
    lines = ["| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
    lines += [_row(row) for row in (*found["recordings"], found["all"])]
    lines += ["", "| word | said | counted | right | recall | false counts |", "|---|---|---|---|---|---|"]
    return lines + [_word(word, hits) for word, hits in found["all"]["words"].items()]


def _row(row: dict[str, Any]) -> str:
    cells = [row["name"], row["runs"], f"{row['der']:.2f}", f"{row['speakers']} ({row['found']})", row["true"], row["counted"], row["right"]]
    cells += [f"{row['precision']:.3f}", f"{row['recall']:.3f}", f"{row['f1']:.3f}", f"{row['wer']:.1f}"]
    return "| " + " | ".join(map(str, [*cells, *(f"{row['rtf'][stage]:.3f}" for stage in ("transcribe", "diarize"))])) + " |"


def _word(word: str, hits: dict[str, int]) -> str:
    recall = f"{hits['right'] / hits['true']:.2f}" if hits["true"] else ""
    return f"| {word} | {hits['true']} | {hits['counted']} | {hits['right']} | {recall} | {hits['counted'] - hits['right']} |"
