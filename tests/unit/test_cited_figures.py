"""Arithmetic of docs/scale.md: it computes with the figures that other documents have measured."""

import re
from pathlib import Path

import pytest

SCALE = Path("docs/scale.md")
CITED = {
    "accuracy.md": (
        r"A second of audio costs ([\d.]+) s of `transcribe` and ([\d.]+) s of `diarize`",
        r"^\| all \| 25 \|.*\| ([\d.]+) \| ([\d.]+) \|$",
    ),
    "performance.md, the folds": (
        r"One worker process did ([\d,]+) events/s",
        r"^\| ours: [^|]*\| ([\d,]+) \|",
    ),
    "performance.md, the sink": (
        r"One sink drains ([\d,]+) rows/s",
        r"^\| sink, a million rows \| ([\d,]+) rows/s \|$",
    ),
}
"""How docs/scale.md says a figure, and how the document that measured it does."""


def figures(pattern: str, document: Path) -> tuple[str, ...]:
    """The figures that a document has in this place."""
    found = re.search(pattern, document.read_text(), re.MULTILINE)
    assert found, f"{document} has no {pattern}"
    return found.groups()


@pytest.mark.parametrize("source", CITED)
def test_a_figure_that_was_measured_again_is_computed_with(source: str) -> None:
    cited, measured = CITED[source]
    document = Path("docs") / source.partition(",")[0]
    assert figures(cited, SCALE) == figures(measured, document), f"work {SCALE} out again"


def test_the_cores_of_the_models_follow_from_the_costs_of_a_second() -> None:
    costs = figures(CITED["accuracy.md"][0], SCALE)
    total = sum(map(float, costs))
    assert f"200,000 x {total:.3f} = **{200_000 * total:,.0f} cores**" in SCALE.read_text()
