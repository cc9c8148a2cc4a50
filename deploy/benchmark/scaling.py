"""`lahstats benchmark scaling`: an hour of windows through one and through two workers of a stage."""

import itertools
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from rich.console import Console

from adapters.http.signing import sign_user
from adapters.kafka.offsets import GroupOffsets
from adapters.settings import Settings
from deploy.benchmark.dialogues import dialogue
from deploy.demo.api_client import TOKEN_S
from deploy.demo.phone_session import record, steadily
from deploy.devstack.running_stack import RECORDINGS, RunningStack, running
from deploy.table_printer import markdown as table
from deploy.uuid7 import new_session_id
from deploy.waiting import until
from producers.phone.client import Phone
from schemas import topics
from schemas.topics import Topic

STAGES = {"diarize": topics.VOICED, "transcribe": topics.TRANSCRIBED}
WORKERS, TURNS = (1, 2), 3
PHONES, FASTEST = 4, 1e9
console = Console(stderr=True)


def measure(minutes: float, wanted: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield a row of the table for each stage of `wanted`; empty means all.

    Blocks for about two thirds of `minutes` on two cores. Starts a stack for each stage.
    """
    for stage in wanted or STAGES:
        windows, times = _compared(stage, STAGES[stage], minutes)
        seconds = (f"{times[n]:.0f}" for n in WORKERS)
        yield stage, str(windows), *seconds, f"{times[2] / times[1]:.2f}"


def markdown(rows: Iterable[tuple[str, ...]]) -> list[str]:
    """Return a Markdown table."""
    return table(("stage", "windows", "1 worker, s", "2 workers, s", "ratio"), rows)


def _compared(stage: str, done: Topic, minutes: float) -> tuple[int, dict[int, float]]:
    """Windows, and the seconds that each number of workers took for them: in turns, because a shared machine is not as fast all the time."""
    times = dict.fromkeys(WORKERS, 0.0)
    both = {"TRANSCRIBE_WORKERS": "2", "DIARIZE_WORKERS": "2"}
    with (
        tempfile.TemporaryDirectory(prefix="lahstats-scaling-") as folder,
        running(Path(folder), **both) as stack,
    ):
        stack.stack.supervisor.stop([f"{name}-{n}" for name in STAGES for n in range(2)])
        in_flight, window_ms = stack.settings.in_flight, stack.settings.window_ms
        # As many windows as a session may have in flight: those of the idle stage hold nothing up.
        audio = dialogue(RECORDINGS, (in_flight - 0.5) * window_ms / 1000, Path(folder))
        sessions = max(1, round(minutes * 60_000 / TURNS / (in_flight * window_ms)))
        # Results on their topic, not what the api tells of each session: that would be work for the same two cores.
        token = sign_user(stack.settings, "scaling", TOKEN_S)
        with closing(GroupOffsets(stack.settings.kafka, "scaling", [done])) as results:
            for turn, workers in itertools.product(range(TURNS), WORKERS):
                _upload(stack.settings, token, audio, sessions)
                what = f"{stage}, {workers} workers, turn {turn + 1} of {TURNS}"
                names = [f"{stage}-{n}" for n in range(workers)]
                times[workers] += _drained(
                    stack, names, lambda: sum(results.ends().values()), in_flight * sessions, what
                )
        return in_flight * sessions * TURNS, times


def _drained(
    stack: RunningStack, workers: list[str], windows: Callable[[], int], wanted: int, what: str
) -> float:
    before = windows()
    stack.stack.supervisor.start(workers)
    taken = _timed(lambda: windows() - before, wanted, what)
    stack.stack.supervisor.stop(workers)
    return taken


def _timed(windows: Callable[[], int], wanted: int, what: str) -> float:
    # From when the first window is done, its model loaded, to the last.
    before = int(until(windows, bool, 120))
    began = time.monotonic()
    while (count := windows()) < wanted:
        console.print(f"{what}: {count} of {wanted} windows", end="\r")
        time.sleep(1)
    return (time.monotonic() - began) * wanted / (wanted - before)


def _upload(settings: Settings, token: str, audio: Path, sessions: int) -> None:
    with ThreadPoolExecutor(PHONES) as pool:
        list(pool.map(lambda _: _uploaded(settings, token, audio), range(sessions)))


def _uploaded(settings: Settings, token: str, audio: Path) -> None:
    phone = Phone(settings.url("gateway"), token)
    record(phone, new_session_id(), audio, steadily(FASTEST), lambda _: None)
    phone.close()
