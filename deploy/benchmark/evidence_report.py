"""The reliability of the evidence as one document and as tables."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from deploy.benchmark.evidence import COMPUTE_TYPES, Sample, reliability
from deploy.benchmark.reports import commit
from deploy.table_printer import markdown as table
from streams.tally.evidence import Calibration

BLOCK = "reliability"
COMMAND = "lahstats benchmark evidence FOLDER ... --write streams/tally/evidence.toml"
COLUMNS = ("probability", "counts", "mean probability", "right", "")
BAR = 20
"""Characters of a bar that stands for all."""
HEAD = """Written by `{command}`
at commit {commit}, from {recordings} recordings in {types}. Each is judged by
weights that were fitted without it. A count is shown from {least:.2f} on:
{shown} were shown, {right:.1f} % of them right, and {lost} right ones became a maybe.
In {minutes:.0f} minutes without Singlish {false} of {plain} were shown."""


@dataclass(frozen=True)
class Shown:
    """Counts that are shown: how many, how many of them right, and right ones that are not shown.

    `plain_false` are shown counts in recordings without Singlish.
    """

    shown: int
    right: int
    lost: int
    plain_false: int


def shown(calibration: Calibration, kept: Sequence[Sample]) -> Shown:
    """Return what the calibration shows of the samples, as they are judged without their own."""
    some = [one for one in kept if one.held_out >= calibration.shown_from]
    right = sum(one.is_right for one in some)
    return Shown(
        shown=len(some),
        right=right,
        lost=sum(one.is_right for one in kept) - right,
        plain_false=sum(one.is_plain for one in some),
    )


def document(calibration: Calibration, kept: Sequence[Sample]) -> dict[str, object]:
    """Return the figures as JSON values."""
    bins = [
        {**asdict(one), "mean": round(one.mean, 3), "right": round(one.right, 3)}
        for one in reliability(kept)
    ]
    found = asdict(shown(calibration, kept))
    return {"shown_from": calibration.shown_from, "reliability": bins, **found}


def markdown(kept: Sequence[Sample]) -> list[str]:
    """Return the reliability curve as a table."""
    return table(COLUMNS, _rows(kept))


def _rows(kept: Sequence[Sample]) -> Iterator[tuple[object, ...]]:
    for one in reliability(kept):
        bar = "█" * round(BAR * one.right)
        yield one.probability, one.counts, f"{one.mean:.2f}", f"{one.right:.2f}", bar


def block(calibration: Calibration, kept: Sequence[Sample], plain_s: float) -> str:
    """Return the text of the page's block."""
    found = shown(calibration, kept)
    head = HEAD.format(
        command=COMMAND,
        commit=commit(),
        recordings=len({one.recording for one in kept}),
        types=" and ".join(COMPUTE_TYPES),
        least=calibration.shown_from,
        shown=found.shown,
        right=100 * found.right / max(1, found.shown),
        lost=found.lost,
        minutes=plain_s / 60,
        false=found.plain_false,
        plain=sum(one.is_plain for one in kept),
    )
    return "\n".join([head, "", *markdown(kept)])
