"""Turns against the true ones: the diarization error rate, collar 0, overlap scored.

pyannote's metrics load pandas, SciPy and matplotlib, which is 2 s of a processor. So they are
imported by the functions that need them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.objects import Turn

if TYPE_CHECKING:
    from pyannote.core import Annotation

SpokenTurn = tuple[str, float, float]
"""Speaker, start and end in seconds."""


def turns_of(audio: Path) -> Annotation:
    """Return the true turns beside a recording. Raises OSError when there are none."""
    from pyannote.database.util import load_rttm

    by_file = load_rttm(str(audio.with_suffix(".rttm")))  # type: ignore[no-untyped-call]
    turns: Annotation = next(iter(by_file.values()))
    return turns


def spoken_turns(turns: Iterable[Turn], lead_s: float = 0.0) -> list[SpokenTurn]:
    """Return the product's turns in seconds, counted from `lead_s` on."""
    spoken: list[SpokenTurn] = []
    for turn in turns:
        start_s = turn.start_ms / 1000 - lead_s
        end_s = turn.end_ms / 1000 - lead_s
        spoken.append((turn.speaker, start_s, end_s))
    return spoken


def error_rate(truth: Annotation, turns: Sequence[SpokenTurn], duration_s: float) -> float:
    """Return the DER of `turns`, from 0: collar 0, overlap scored."""
    return errors(truth, turns, duration_s)["diarization error rate"]


def errors(truth: Annotation, turns: Sequence[SpokenTurn], duration_s: float) -> dict[str, float]:
    """Return seconds of speech and of each kind of error, by the names that pyannote has."""
    from pyannote.core import Annotation, Segment, Timeline
    from pyannote.metrics.diarization import DiarizationErrorRate

    hypothesis = Annotation()
    for track, (speaker, start_s, end_s) in enumerate(turns):
        hypothesis[Segment(start_s, end_s), track] = speaker
    metric = DiarizationErrorRate(collar=0.0, skip_overlap=False)
    whole = Timeline([Segment(0, duration_s)])
    return dict(metric(truth, hypothesis, uem=whole, detailed=True))
