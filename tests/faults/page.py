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

**No whole soak was green yet.** The one of e0d36338 lost and doubled nothing: 730 sessions were
compared, the audit was at 0, no part was restarted that its 28 faults do not end, and none of them
has anything to say. Its two differences are open files:

- ClickHouse went from 16 to 89 files, with 137 to 147 MB and 79 to 81 threads. At its first error,
  here a full disk, it opens each library of its program to tell where the error was, and keeps them
  open. `make faults TOGETHER="clickhouse-frozen clickhouse-disk-full"` shows the same.
- `sink` went from 54 to 72 files and from 29 to 39 threads. These are pipes of threads that
  librdkafka has for its bootstrap servers. It makes them anew when a broker was away, and ends the
  former ones when it has come back. They do not add up from one outage to the next.

A soak does not count libraries any more, and two files of each new thread count as that thread.
None was made since.

All other processes were flat: `transcribe` 226 to 223 MB, `streams` 91 to 104 MB and 102 to 104
threads, the broker 367 to 397 MB. Other work ran beside it.

The soak of adf490fc lost and doubled nothing in 1,258 sessions. The test's own store of 1 GiB was
full after 53 minutes; disks have 8 GiB since. It showed two growths that are explained now:

- `streams` went from 100 to 119 threads. A lost call for the offsets of a transaction kept its
  producer until a connection of it opened or closed. It ends within half a minute since 64569751
  (`tests/integration/test_lost_calls.py`).
- `transcribe` went from 468 to 562 MB. A process with models keeps freed memory for its next pass,
  as much as the largest pass needed. It tells how much since 9d3b9329, and a soak looks at the
  rest.

A soak looks at a process's own memory since b9bae162, and at its threads in place of the files that
ClickHouse opens for them.

The soak of 2c950bf lost and doubled nothing in 977 sessions, and showed growth of ClickHouse and
`streams`. An error that is handled while a call of the Kafka client fails was never freed, with the
producer whose call it was (94b7b729, `tests/unit/test_client_errors.py`). The clients of the
watchdog were made one after the other; they are made at its first look since f785de4f.

The broker was flat at 2c950bf, 696 to 692 files. The `.txnindex` files that it opens once for each
partition are not counted since that commit. The soak of 763f409 counted them: the broker went from
794 to 832 open files in its first 11 minutes there. ClickHouse went from 412 to 427 MB in 46
minutes there.

A `soak` at 3e8eef2, with seed 1128, was stopped after 56 minutes. The broker had been killed, and a
transaction timed out while it started again: it forgot that one, and eight partitions of the
sessions fold could not be restored. 74fe56a ends such transactions at a producer's start. The soaks
of 763f409 and 2c950bf killed the broker once each, and did not meet it.

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
