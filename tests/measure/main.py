"""`make measure`: what takes too long for `make test`, with its results written to tests/measure/results.md.

All recordings through the whole path against their truth and against one whole-file pass; then -9 for every part.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from deploy.benchmark.scoring import Score, pooled, score
from deploy.cli.demo import Played
from tests import whole_file
from tests.running_stack import RECORDINGS, RunningStack, essence, running

RESULTS = Path("tests/measure/results.md")
KILLED = "traps_2spk"
console = Console(stderr=True)


def main() -> int:
    """Blocks for about 15 minutes on two cores. 1 when something did not hold."""
    names = sorted(path.stem for path in RECORDINGS.glob("*.flac"))
    with (
        tempfile.TemporaryDirectory(prefix="lahstats-measure-") as folder,
        running(Path(folder)) as stack,
    ):
        played = {name: _shown(name, stack.play(name)) for name in names}
        killed = list(_killed(stack, played[KILLED]))
    loaded = whole_file.load(stack.settings)
    same = {
        name: turns_of(played[name]) == whole_file.turns(loaded, RECORDINGS / f"{name}.flac")
        for name in names
    }
    RESULTS.write_text(_report(played, same, killed))
    Console().print(RESULTS.read_text(), markup=False)
    return 0 if all(same.values()) and all(ok for _, ok in killed) else 1


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
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    lines = [
        f"Written by `make measure` at commit {commit}, offline weights, CPU, recordings played at 8 times real time.",
        "",
    ]
    lines += [
        "| recording | DER % | true | counted | right | P | R | F1 | stop to stats s | turns as one whole-file pass |",
        "|" + "---|" * 10,
    ]
    lines += [
        _row(s, f"{played[s.name].stop_to_stats_s:.1f}", "yes" if same[s.name] else "NO")
        for s in scores
    ]
    lines += [
        _row(pooled(scores), "", ""),
        "",
        "Killed with -9 while the session's windows were being worked on:",
        "",
    ]
    lines += ["| part | turns, words, counts and totals as undisturbed |", "|---|---|"]
    lines += [f"| {part} | {'yes' if ok else 'NO'} |" for part, ok in killed]
    return "\n".join(lines) + "\n"


def _row(s: Score, stop: str, same: str) -> str:
    return f"| {s.name} | {s.der:.2f} | {s.true} | {s.counted} | {s.right} | {s.precision:.2f} | {s.recall:.2f} | {s.f1:.3f} | {stop} | {same} |"


if __name__ == "__main__":
    sys.exit(main())
