"""`lahstats benchmark acceptance`: every recording against its truth, then kill -9 for all.

It takes too long for `make test`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from rich.console import Console

from consumers.voices.clustering import Clustering
from consumers.voices.diarization import Diarizer
from deploy.benchmark import whole_file
from deploy.benchmark.in_process import loaded_clusters, loaded_diarizer, read
from deploy.benchmark.reports import commit
from deploy.benchmark.scoring import Counts, Result, Score, pooled, score
from deploy.demo.api_answers import Speaker, Turn
from deploy.demo.playback import Played
from deploy.devstack.running_stack import RECORDINGS, RunningStack, essence, scratch_stack
from deploy.table_printer import markdown as table

BLOCK = "acceptance"
"""Name of the block of docs/performance.md that these tables fill."""
KILLED = "traps_2spk"
"""The recording that is played while a process is killed: a short one."""
COLUMNS = (
    "recording",
    "DER %",
    "true",
    "counted",
    "right",
    "P",
    "R",
    "F1",
    "stop to stats s",
    "speech moved by windows",
)
KILL_COLUMNS = ("process", "turns, words, counts and totals as undisturbed")
RESTART_TIMEOUT_S = 120
console = Console(stderr=True)


@dataclass(frozen=True)
class Acceptance:
    """Whether everything held, and the tables that show it."""

    ok: bool
    tables: str


def measure() -> Acceptance:
    """Play every recording, compare it with one whole-file pass, then kill every process once.

    Blocks for about 15 minutes on two cores. Starts a stack of its own and stops it at the end.
    """
    names = sorted(path.stem for path in RECORDINGS.glob("*.flac"))
    with scratch_stack("acceptance") as stack:
        played = {name: _play(stack, name) for name in names}
        killed = dict(_killed(stack, played[KILLED]))
    diarizer = loaded_diarizer(stack.settings)
    clustering = loaded_clusters(stack.settings)
    moved = {name: _moved(diarizer, clustering, name, played[name]) for name in names}
    ok = max(moved.values()) <= whole_file.MOVED and all(killed.values())
    return Acceptance(ok, _report(played, moved, killed))


def _moved(diarizer: Diarizer, clustering: Clustering, name: str, played: Played) -> float:
    samples = read(RECORDINGS / f"{name}.flac")
    whole = whole_file.in_one_window(diarizer, clustering, samples)
    return whole_file.moved(whole, result_of(played).turns)


def _play(stack: RunningStack, name: str) -> Played:
    played = stack.play(name)
    console.print(f"{name}: stats {played.stop_to_stats_s:.1f} s after stop")
    return played


def result_of(played: Played) -> Result:
    """Return what the running stack made of a recording."""
    turns = [_turn(turn) for turn in played.transcript.turns]
    words = [word.word for word in played.transcript.words]
    counts = {str(one.speaker): _counts(one) for one in played.speakers}
    return Result(turns, words, counts)


def _turn(turn: Turn) -> tuple[str, float, float]:
    return turn.speaker, turn.start_s, turn.end_s


def _counts(speaker: Speaker) -> Counts:
    return Counter({word.word: word.count for word in speaker.words})


def _killed(stack: RunningStack, undisturbed: Played) -> Iterator[tuple[str, bool]]:
    """Yield each process, and whether the session came out as `undisturbed`."""
    for name in stack.names():
        disturb = partial(_kill_at_work, stack, name, stack.handled("diarize"))
        again = stack.play_while(KILLED, disturb)
        ok = essence(again) == essence(undisturbed) and counts(again) == counts(undisturbed)
        result = "same" if ok else "DIFFERENT"
        console.print(f"kill -9 {name}: {result} ({again.stop_to_stats_s:.1f} s after stop)")
        stack.await_answers(RESTART_TIMEOUT_S)
        yield name, ok


def _kill_at_work(stack: RunningStack, name: str, handled_before: int) -> None:
    """Kill a process while work is under way: one window is diarized, the rest is not."""
    stack.await_handled("diarize", handled_before + 1)
    stack.kill(name)


def counts(played: Played) -> list[int]:
    """Return the totals of each claimed speaker, as the api gave them, in order."""
    return sorted(totals.counts for totals in played.totals.values())


def _report(
    played: Mapping[str, Played], moved: Mapping[str, float], killed: Mapping[str, bool]
) -> str:
    scores = [score(RECORDINGS / f"{name}.flac", result_of(one)) for name, one in played.items()]
    rows = [
        _row(one, f"{played[one.name].stop_to_stats_s:.1f}", f"{moved[one.name]:.2%}")
        for one in scores
    ]
    deaths = [(name, _yes(ok)) for name, ok in killed.items()]
    lines = [
        f"`make acceptance` at commit {commit()}, offline weights, CPU, played at 8x real time:",
        "",
        *table(COLUMNS, [*rows, _row(pooled(scores), "", "")]),
        "",
        "Killed with -9 while the session's windows were being worked on:",
        "",
        *table(KILL_COLUMNS, deaths),
    ]
    return "\n".join(lines)


def _yes(ok: bool) -> str:
    return "yes" if ok else "NO"


def _row(scored: Score, stop: str, moved: str) -> list[object]:
    return [
        scored.name,
        f"{scored.der:.2f}",
        scored.true,
        scored.counted,
        scored.right,
        f"{scored.precision:.2f}",
        f"{scored.recall:.2f}",
        f"{scored.f1:.3f}",
        stop,
        moved,
    ]
