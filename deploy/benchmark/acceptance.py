"""`lahstats benchmark acceptance`: every recording against its truth, then kill -9 for every part.

It takes too long for `make test`.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from deploy.benchmark import whole_file
from deploy.benchmark.commit import commit
from deploy.benchmark.scoring import Score, pooled, score
from deploy.demo.playback import Played
from deploy.devstack.running_stack import RECORDINGS, RunningStack, essence, running
from deploy.tables import markdown as table

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
    "turns as one whole-file pass",
)
BLOCK = "acceptance"
"""Name of the block of docs/performance.md that these tables fill."""
KILLED = "traps_2spk"
console = Console(stderr=True)


@dataclass(frozen=True)
class Acceptance:
    """Whether everything held, and the tables that show it."""

    ok: bool
    tables: str


def measure() -> Acceptance:
    """Play every recording, compare it with one whole-file pass, then kill every part once.

    Blocks for about 15 minutes on two cores. Starts a stack of its own and stops it at the end.
    """
    names = sorted(path.stem for path in RECORDINGS.glob("*.flac"))
    with (
        tempfile.TemporaryDirectory(prefix="lahstats-acceptance-") as folder,
        running(Path(folder)) as stack,
    ):
        played = {name: _shown(name, stack.play(name)) for name in names}
        killed = list(_killed(stack, played[KILLED]))
    loaded = whole_file.load(stack.settings)
    same = {
        name: turns_of(played[name]) == whole_file.turns(loaded, RECORDINGS / f"{name}.flac")
        for name in names
    }
    ok = all(same.values()) and all(ok for _, ok in killed)
    return Acceptance(ok, _report(played, same, killed))


def _shown(name: str, played: Played) -> Played:
    console.print(f"{name}: stats {played.stop_to_stats_s:.1f} s after stop")
    return played


def turns_of(played: Played) -> list[tuple[int, int]]:
    """Start and end of every turn, milliseconds, in order."""
    return sorted(
        (round(t["start_s"] * 1000), round(t["end_s"] * 1000)) for t in played.document()["turns"]
    )


def _killed(stack: RunningStack, undisturbed: Played) -> Iterator[tuple[str, bool]]:
    for part in stack.parts():
        before = stack.handled("diarize")

        def disturb(part: str = part, before: int = before) -> None:
            # Work is under way: the first window is heard, the rest is not.
            stack.await_handled("diarize", before + 1)
            stack.kill(part)

        again = stack.play_while(KILLED, disturb)
        ok = essence(again) == essence(undisturbed) and counts(again) == counts(undisturbed)
        console.print(
            f"kill -9 {part}: {'same' if ok else 'DIFFERENT'} ({again.stop_to_stats_s:.1f} s after stop)"
        )
        stack.await_answers(120)
        yield part, ok


def counts(played: Played) -> list[int]:
    """The totals of each claimed voice, as the api gave them."""
    return sorted(int(totals["counts"]) for totals in played.totals.values())


def _report(
    played: dict[str, Played], same: dict[str, bool], killed: list[tuple[str, bool]]
) -> str:
    scores = [score(RECORDINGS / f"{name}.flac", one.document()) for name, one in played.items()]
    rows = [
        _row(one, f"{played[one.name].stop_to_stats_s:.1f}", _yes(same[one.name])) for one in scores
    ]
    deaths = [(part, _yes(ok)) for part, ok in killed]
    lines = [
        f"`make acceptance` at commit {commit()}, offline weights, CPU, played at 8 times real time:",
        "",
        *table(COLUMNS, [*rows, _row(pooled(scores), "", "")]),
        "",
        "Killed with -9 while the session's windows were being worked on:",
        "",
        *table(("part", "turns, words, counts and totals as undisturbed"), deaths),
    ]
    return "\n".join(lines)


def _yes(ok: bool) -> str:
    return "yes" if ok else "NO"


def _row(scored: Score, stop: str, same: str) -> list[str]:
    counts = (scored.true, scored.counted, scored.right)
    rates = (f"{scored.precision:.2f}", f"{scored.recall:.2f}", f"{scored.f1:.3f}")
    return [scored.name, f"{scored.der:.2f}", *map(str, counts), *rates, stop, same]
