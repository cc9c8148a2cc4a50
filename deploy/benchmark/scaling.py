"""`lahstats benchmark scaling`: windows through one and through two workers of a stage."""

import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from adapters.http.signing import sign_user
from adapters.kafka.reader import LogReader
from adapters.settings import Settings
from deploy.amounts import amount
from deploy.benchmark.dialogues import dialogue
from deploy.demo.api_client import TOKEN_S
from deploy.demo.phone_session import FASTEST, record, steadily
from deploy.devstack.running_stack import RECORDINGS, RunningStack, scratch_stack
from deploy.table_printer import markdown as table
from deploy.uuid7 import new_session_id
from deploy.waiting import SHORTEST_S, until
from producers.phone.client import Phone
from schemas import topics

STAGES = {"diarize": topics.VOICED, "transcribe": topics.TRANSCRIBED}
"""The stages, each with the topic of its results."""
WORKERS = (1, 2)
TURNS = 3
"""Workers take turns, because a shared machine is not equally fast all the time."""
PHONES = 4
READ_S = 0.5
"""How long results are read before they are counted."""
FIRST_TIMEOUT_S = 120
COLUMNS = ("stage", "windows", "1 worker, s", "2 workers, s", "ratio")
console = Console(stderr=True)


@dataclass(frozen=True)
class Scaling:
    """One stage: windows, and seconds by number of workers."""

    stage: str
    windows: int
    seconds: dict[int, float]


def measure(minutes: float, wanted: Sequence[str]) -> Iterator[Scaling]:
    """Yield the figures of each stage of `wanted`; empty means all.

    Blocks for about two thirds of `minutes` on two cores. Starts a stack for each stage.
    """
    for stage in wanted or STAGES:
        yield _measure(stage, minutes)


def markdown(found: Iterable[Scaling]) -> list[str]:
    """Return a Markdown table."""
    return table(COLUMNS, map(_row, found))


def _row(one: Scaling) -> list[object]:
    row: list[object] = [one.stage, one.windows]
    row += [f"{one.seconds[workers]:.0f}" for workers in WORKERS]
    ratio = one.seconds[2] / one.seconds[1]
    return [*row, f"{ratio:.2f}"]


def _measure(stage: str, minutes: float) -> Scaling:
    both = {"TRANSCRIBE_WORKERS": "2", "DIARIZE_WORKERS": "2"}
    # One worker with a pass on each core would leave nothing to a second one.
    both |= {"TRANSCRIBE_PASSES": "1", "DIARIZE_PASSES": "1"}
    with scratch_stack("scaling", **both) as stack:
        workers = [f"{name}-{n}" for name, n in itertools.product(STAGES, range(2))]
        stack.stack.supervisor.stop(workers)
        in_flight = stack.settings.in_flight
        window_ms = stack.settings.window_ms
        # As many windows as a session may have in flight: those of the idle stage hold nothing up.
        length_s = (in_flight - 0.5) * window_ms / 1000
        audio = dialogue(RECORDINGS, length_s, stack.settings.data_dir)
        turn_ms = minutes * 60_000 / TURNS
        session_ms = in_flight * window_ms
        sessions = max(1, round(turn_ms / session_ms))
        seconds = _in_turns(stack, stage, audio, sessions)
    return Scaling(stage, in_flight * sessions * TURNS, seconds)


def _in_turns(stack: RunningStack, stage: str, audio: Path, sessions: int) -> dict[int, float]:
    """Return the seconds that each number of workers took for the same windows."""
    seconds = dict.fromkeys(WORKERS, 0.0)
    wanted = stack.settings.in_flight * sessions
    # Results on their topic, not the api's answers: those would be work for the same two cores.
    # Offsets would not do: each transaction has one for its marker.
    with closing(LogReader(stack.settings.kafka, "scaling")) as results:
        results.assign(whole=(), new=[STAGES[stage]])
        written = 0

        def results_written() -> int:
            nonlocal written
            end_s = time.monotonic() + READ_S
            while time.monotonic() < end_s:
                written += results.poll(READ_S) is not None
            return written

        for turn, workers in itertools.product(range(TURNS), WORKERS):
            _upload(stack.settings, audio, sessions)
            label = f"{stage}, {amount(workers, 'worker', 'workers')}, turn {turn + 1} of {TURNS}"
            names = [f"{stage}-{n}" for n in range(workers)]
            seconds[workers] += _drained(stack, names, results_written, wanted, label)
    return seconds


def _drained(
    stack: RunningStack, workers: list[str], results: Callable[[], int], wanted: int, label: str
) -> float:
    before = results()
    stack.stack.supervisor.start(workers)
    spent_s = _timed(lambda: results() - before, wanted, label)
    stack.stack.supervisor.stop(workers)
    return spent_s


def _timed(windows: Callable[[], int], wanted: int, label: str) -> float:
    """Return the seconds for `wanted` windows, counted from the first one: its model is loaded."""
    first = until(windows, bool, FIRST_TIMEOUT_S, SHORTEST_S)
    began = time.monotonic()
    while (count := windows()) < wanted:
        console.print(f"{label}: {count} of {wanted} windows", end="\r")
        time.sleep(1)
    return (time.monotonic() - began) * wanted / (wanted - first)


def _upload(settings: Settings, audio: Path, sessions: int) -> None:
    token = sign_user(settings, "scaling", TOKEN_S)
    with ThreadPoolExecutor(PHONES) as pool:
        uploads = [pool.submit(_upload_one, settings, token, audio) for _ in range(sessions)]
    for upload in uploads:
        upload.result()


def _upload_one(settings: Settings, token: str, audio: Path) -> None:
    phone = Phone(settings.url("gateway"), token)
    record(phone, new_session_id(), audio, steadily(FASTEST), lambda _: None)
    phone.close()
