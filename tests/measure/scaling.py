"""`make scaling`: how long one worker of a stage takes for an hour's windows, and how long two, the other stage idle."""

import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from rich.console import Console
from rich.table import Table

from adapters.offsets import GroupOffsets
from deploy.benchmark.dialogues import dialogue
from deploy.cli.demo import uuid7
from deploy.cli.reading import Stats
from deploy.cli.recording import record, steadily
from producers.phone.client import Phone
from schemas import topics
from schemas.topics import Topic
from tests.running_stack import RECORDINGS, RunningStack, running, until

STAGES = {"diarize": topics.VOICED, "transcribe": topics.TRANSCRIBED}
PHONES, FASTEST = 4, 1e9
console = Console(stderr=True)


def main(minutes: float) -> int:
    """Blocks for about a third of twice `minutes` on two cores."""
    table = Table("stage", "windows", "1 worker, s", "2 workers, s", "ratio")
    for stage, done in STAGES.items():
        counts, times = zip(*(_drained(stage, done, workers, minutes) for workers in (1, 2)), strict=True)
        table.add_row(stage, str(counts[0]), *(f"{t:.0f}" for t in times), f"{times[1] / times[0]:.2f}")
    Console().print(table)
    return 0


def _drained(stage: str, done: Topic, workers: int, minutes: float) -> tuple[int, float]:
    """Windows, and the seconds they took. A stack of its own: nothing that the other stage left undone is in the way."""
    both = {"TRANSCRIBE_WORKERS": "2", "DIARIZE_WORKERS": "2"}
    with tempfile.TemporaryDirectory(prefix="lahstats-scaling-") as folder, running(Path(folder), **both) as stack:
        stack.stack.supervisor.stop([f"{name}-{n}" for name in STAGES for n in range(2)])
        settings, stats = stack.settings, Stats(stack.settings, "scaling")
        # As many windows as a session may have in flight: those of the idle stage hold nothing up.
        audio = dialogue(RECORDINGS, (settings.in_flight - 0.5) * settings.window_ms / 1000, Path(folder))
        sessions = round(minutes * 60_000 / (settings.in_flight * settings.window_ms))
        with ThreadPoolExecutor(PHONES) as pool:
            list(pool.map(lambda _: _uploaded(stack, stats, audio), range(sessions)))
        # Results on their topic, not what the api tells of each session: that would be work for the same two cores.
        with closing(GroupOffsets(settings.kafka, "scaling", [done])) as results:
            stack.stack.supervisor.start([f"{stage}-{n}" for n in range(workers)])
            return _timed(lambda: sum(results.ends().values()), settings.in_flight * sessions, f"{stage}, {workers} workers")


def _timed(windows: Callable[[], int], wanted: int, what: str) -> tuple[int, float]:
    # From when the first window is done, its model loaded, to the last.
    before = until(windows, bool, 120)
    began = time.monotonic()
    while (count := windows()) < wanted:
        console.print(f"{what}: {count} of {wanted} windows", end="\r")
        time.sleep(1)
    return wanted, (time.monotonic() - began) * wanted / (wanted - before)


def _uploaded(stack: RunningStack, stats: Stats, audio: Path) -> None:
    phone = Phone(stack.settings.url("gateway"), stats.token)
    record(phone, str(uuid7()), audio, steadily(FASTEST), lambda _: None)
    phone.close()


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 60))
