"""`docs/faults.md`: every row, and the last outcome of each automated run."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from deploy.benchmark.reports import commit
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

**No whole soak was green yet.** The one of a3b8e816 lost and doubled nothing: 791 sessions were
compared, the audit was at 0, no part was restarted that its 28 faults do not end, and none of them
has anything to say. Memory and open files of every process were flat. Its two differences are
threads:

- `gateway` went from 17 to 43 threads, with 45 to 44 files and 80 to 84 MB. A thread of librdkafka
  has two files, so these are of the pool in which routes wait for a fold. It has 40 at most, and
  keeps what it has until the next request.
- `streams` went from 101 to 120 threads, and from 232 to 260 files. **Not proved**: it has pools of
  22 threads that begin when many sessions are worked on at a time, each with a connection to S3.

A soak judges threads of pools apart from those of libraries since. None was made since.

The soaks before, of e0d36338, adf490fc and 2c950bf, lost and doubled nothing in 730, 1,258 and 977
sessions. Growth that they showed is mended or explained:

- open files of ClickHouse, 16 to 89: it opens its libraries at its first error, and keeps them.
  They are not counted since 40561254;
- open files of `sink`, 54 to 72: pipes of librdkafka's threads for bootstrap servers, which end
  later. They are counted as threads since 40561254;
- threads of `streams`, 100 to 119: a call whose answer is lost kept its producer. Mended in
  64569751 (`tests/integration/test_lost_calls.py`);
- memory of `transcribe`, 468 to 562 MB: freed memory that is kept for the next pass. It is told,
  and subtracted, since 9d3b9329;
- memory of `streams` and of ClickHouse: errors of the Kafka client were never freed. Mended in
  94b7b729 (`tests/unit/test_client_errors.py`);
- open files of the broker, 794 to 832: `.txnindex` files, one for each partition. They are not
  counted since 2c950bf.

Memory and files are watched for the hour alone.

`odd-recordings`, `sigterm-servers-away` and `two-versions-at-once` were at 5 in a load that they
shared (4207f7ec): words of five sessions were written in other bytes. The audit compares what they
say since. Their objects were gone before anybody looked at them; the runs are at 0 again now.

Lines of the commits a50cb4a and 921ea21 compared no counts of sessions: the clip that their phones
recorded had no counted word then. A run fails now when nothing is counted. Their audits compared
words, credits and totals all the same.

The load of a machine that others use too is small: one or two phones. `soak` finds the load that a
machine holds by itself, and sends twice as much until ten minutes of talk wait. A soak writes the
lines of its faults too.

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
    runs, _, _ = page.read_text().partition("## Open")
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
