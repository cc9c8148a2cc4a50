"""`docs/faults.md`: every row, and the last outcome of each automated run."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from deploy.benchmark.commit import commit
from deploy.table_printer import markdown as table
from tests.faults.registry import Fault, Outcome, faults
from tests.faults.rows import ROWS, TESTS

PAGE = Path("docs/faults.md")
COLUMNS = ("run", "injected", "load", "audit", "recovery", "commit")
HEAD = """# Faults

Written by `make faults`. `make faults K=s3` makes the runs with that word in their names, and
changes their lines alone. `make soak MINUTES=60` makes the run `soak`. How to add one:
`tests/faults/registry.py`. `make faults TOGETHER="s3-frozen kafka-killed"` injects some of them
one after the other, and compares once.

Each run injects its fault into real parts while phones record, and waits. It then compares what
the phones were told is kept with what is stored: session by session with an undisturbed one, and
by `lahstats audit`. No part may have been restarted that the fault does not end. The audit is the
number of differences: 0 is right. A run without a commit was not made yet.

## Runs

{runs}

## Open

`kafka-disk-full`, one run of two: the broker kept a transaction open that its coordinator did not
know, so it never ended. The committed offsets of two folds stayed unsettled, and streams was not
ready, also after the broker was started again. Since then a producer ends such offsets of its id
when it starts (`tests/integration/test_hanging_offsets.py` makes them). The restart that the line
of `kafka-disk-full` counts is mended too: the timer of the sessions ended its worker. The run was
not repeated with either.

`soak` was not run yet, nor were the other runs without a commit.

## Rows

A row without a run has none yet. T1 to T20 were seen to fail once. A test that is named may
prove a part of its row.

{rows}
"""
Cells = Sequence[str]
"""Load, audit, recovery and commit of a run."""
NONE: Cells = ("", "", "", "")


def write(fault: Fault, outcome: Outcome, page: Path = PAGE) -> None:
    """Write the outcome of a run into the page; those of all other runs stay. Blocking."""
    audit = str(len(outcome.differences))
    made = (outcome.load, audit, outcome.recovery, commit())
    page.write_text(text({**outcomes(page), fault.name: made}))


def outcomes(page: Path) -> dict[str, Cells]:
    """The outcomes that a page has, by the names of the runs. Blocking."""
    if not page.exists():
        return {}
    runs, _, _ = page.read_text().partition("## Rows")
    lines = [line for line in runs.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0]: row[2:] for row in cells[1:]}


def text(made: Mapping[str, Cells]) -> str:
    """The whole page with these outcomes."""
    present = faults()
    runs = [[fault.name, fault.injected, *made.get(fault.name, NONE)] for fault in present]
    rows = table(("row", "must be borne", "runs", "tests of `make test`"), _rows(present))
    return HEAD.format(runs="\n".join(table(COLUMNS, runs)), rows="\n".join(rows))


def _rows(present: Sequence[Fault]) -> Iterable[list[str]]:
    for number, sentence in ROWS.items():
        names = [fault.name for fault in present if number in fault.rows]
        tests = [f"`tests/{test}`" for test in TESTS.get(number, ())]
        yield [number, sentence, ", ".join(names), ", ".join(tests)]
