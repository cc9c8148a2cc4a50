"""Runs of the speech benchmark as one document and as tables."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from adapters import model_manifest
from adapters.objects.lexicons import shipped_lexicon
from adapters.settings import Settings
from deploy.benchmark.scoring import Score, pooled
from deploy.benchmark.speech import Run
from deploy.benchmark.tables import commit, table

STAGES = ("transcribe", "diarize", "cluster")
COLUMNS = (
    "recording", "runs", "DER %", "speakers (found)", "true", "counted", "right", "P", "R", "F1", "WER %", "RTF transcribe", "RTF diarize",
)  # fmt: skip

PAGE = """# Accuracy

Written by `make accuracy` at commit {commit}: whisper `{whisper}`, diarization `{diarization}` (step {step} s), lexicon {lexicon},
windows of {window:.0f} s, device `{device}`, each recording at {offsets} start offsets.

A count is right when the word was said by that speaker: speakers are matched one to one in the way that is best for the product, and
each pair of speaker and word is right as often as both have it. DER: collar 0, overlap scored. Figures of `all` are pooled, not averaged.
RTF: seconds of work for a second of audio, on one core. Other recordings: `lahstats benchmark speech DIR --offsets 5`.

{tables}
"""


def document(runs: Sequence[Run]) -> dict[str, Any]:
    """All figures, per recording and in all, each summed over the offsets."""
    names = sorted({run.score.name for run in runs})
    by_name = {name: [run for run in runs if run.score.name == name] for name in names}
    return {
        "recordings": [_figures(name, found) for name, found in by_name.items()],
        "all": _figures("all", runs),
    }


def _figures(name: str, runs: Sequence[Run]) -> dict[str, Any]:
    score, audio_s = pooled([run.score for run in runs]), sum(run.duration_s for run in runs)
    figures = {
        field: round(getattr(score, field), 4)
        for field in ("der", "precision", "recall", "f1", "wer")
    }
    counts = {
        field: getattr(score, field) for field in ("true", "counted", "right", "speakers", "found")
    }
    rtf = {stage: round(sum(run.work_s[stage] for run in runs) / audio_s, 4) for stage in STAGES}
    return {
        "name": name,
        "runs": len(runs),
        **figures,
        **counts,
        "rtf": rtf,
        "words": {w: asdict(h) for w, h in score.by_word.items()},
    }


def markdown(runs: Sequence[Run]) -> list[str]:
    """The same as tables: recordings, then words."""
    found = document(runs)
    recordings = table(COLUMNS, map(_row, (*found["recordings"], found["all"])))
    words = table(
        ("word", "said", "counted", "right", "recall", "false counts"),
        (_word(*item) for item in found["all"]["words"].items()),
    )
    return [*recordings, "", *words, "", *rules(runs)]


def rules(runs: Sequence[Run]) -> list[str]:
    """What each rule brings: right and false counts that are not there when it is not."""
    whole = pooled([run.score for run in runs])
    lacking = {rule: pooled([run.without[rule] for run in runs]) for rule in runs[0].without}
    rows = (
        (rule, *_gained(whole, score), f"{score.f1:.3f} ({score.f1 - whole.f1:+.3f})")
        for rule, score in lacking.items()
    )
    return table(("rule", "right counts gained", "false counts it costs", "F1 without it"), rows)


def _gained(whole: Score, lacking: Score) -> tuple[str, str]:
    false = (whole.counted - whole.right) - (lacking.counted - lacking.right)
    return f"{whole.right - lacking.right:+}", f"{false:+}"


def compared(rows: Mapping[str, Sequence[Run]], what: str) -> list[str]:
    """One line for each of several ways, all recordings pooled; how much worse than the first, in brackets."""
    found = {name: _figures(name, runs) for name, runs in rows.items()}
    first = next(iter(found.values()))
    return table(
        (what, "F1", "P", "R", "DER %", "WER %", "s of work per min of audio"),
        (_against(first, row) for row in found.values()),
    )


def as_json(rows: Mapping[str, Sequence[Run]]) -> str:
    """The same as one document: the figures of each way."""
    return json.dumps([_figures(name, runs) for name, runs in rows.items()], ensure_ascii=False)


def _against(first: dict[str, Any], row: dict[str, Any]) -> list[str]:
    work = 60 * sum(row["rtf"].values())
    f1, der = (
        f"{row[field]:{form}} ({row[field] - first[field]:+{form}})"
        for field, form in (("f1", ".3f"), ("der", ".2f"))
    )
    return [
        row["name"],
        f1,
        f"{row['precision']:.3f}",
        f"{row['recall']:.3f}",
        der,
        f"{row['wer']:.1f}",
        f"{work:.1f}",
    ]


def page(runs: Sequence[Run], offsets: int) -> str:
    """`docs/accuracy.md`: what was measured, with what, and what the columns mean."""
    settings = Settings()
    profile = model_manifest.load(settings.models_manifest).profiles[settings.models_profile]
    return PAGE.format(
        whisper=profile.whisper, diarization=profile.diarization, lexicon=shipped_lexicon().version, window=settings.window_ms / 1000,
        step=settings.diarization_step_s, device=settings.device, offsets=offsets, commit=commit(), tables="\n".join(markdown(runs)),
    )  # fmt: skip


def _row(row: dict[str, Any]) -> list[Any]:
    cells = [
        row["name"],
        row["runs"],
        f"{row['der']:.2f}",
        f"{row['speakers']} ({row['found']})",
        row["true"],
        row["counted"],
        row["right"],
    ]
    cells += [
        f"{row['precision']:.3f}",
        f"{row['recall']:.3f}",
        f"{row['f1']:.3f}",
        f"{row['wer']:.1f}",
    ]
    return [*cells, *(f"{row['rtf'][stage]:.3f}" for stage in ("transcribe", "diarize"))]


def _word(word: str, hits: dict[str, int]) -> list[Any]:
    recall = f"{hits['right'] / hits['true']:.2f}" if hits["true"] else ""
    return [
        word,
        hits["true"],
        hits["counted"],
        hits["right"],
        recall,
        hits["counted"] - hits["right"],
    ]
