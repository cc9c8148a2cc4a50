"""A disk with the tables of all folds is lost, and the worker is killed while it restores them."""

import re
import time
from pathlib import Path

from adapters.objects.s3 import S3BlobStore
from adapters.process.clock import unix_ms
from deploy.benchmark.changelog_load import Template, load
from deploy.benchmark.finished_session import FinishedSessions
from deploy.devstack.probing import ProbeAnswer, ask
from deploy.devstack.processes import stage_process
from deploy.devstack.streams_bed import StreamsBed, streams_bed
from deploy.waiting import until
from schemas import stages
from tests.faults.registry import Outcome, fault_alone

RECORDS = 100_000
CHUNKS = 4
KILLS = 3
READY_S = 120.0


@fault_alone(
    "tables-lost",
    rows=("T6", "27"),
    injected=f"streams: its tables are lost with {RECORDS:,} changelog records behind them; "
    f"kill -9 {KILLS} times while it restores",
)
def tables_lost(folder: Path) -> Outcome:
    with streams_bed(folder) as bed:
        blobs = S3BlobStore(bed.settings)
        template = Template(FinishedSessions(bed.settings, blobs, unix_ms(), CHUNKS))
        sessions = RECORDS // template.count
        load(bed.settings.kafka, template, sessions)
        shown = [killed_while_it_restores(bed) for _ in range(KILLS)]
        began_s = time.monotonic()
        bed.worker().await_ready(READY_S)
        ready_s = time.monotonic() - began_s
    found = [] if all(shown) else ["a worker that restores does not say so"]
    load_in_words = f"{sessions:,} sessions, {sessions * template.count:,} records"
    return Outcome(load_in_words, f"ready {ready_s:.0f} s after the last start", found)


def killed_while_it_restores(bed: StreamsBed) -> bool:
    """Return whether the worker said how many records it had yet to read, before it was killed."""
    worker = bed.worker()
    process = stage_process(bed.settings, stages.STREAMS, 0)
    said = until(
        lambda: ask(bed.settings, process), lambda now: is_restoring(now) or now.ready, 120
    )
    worker.kill()
    return is_restoring(said)


def is_restoring(said: ProbeAnswer) -> bool:
    """Whether some fold has records to read."""
    return re.search(r"\(records left: [1-9][\d,]*\)", said.text) is not None
