"""As `tests/integration/test_streams_disturbed.py`, ten times as long and at random moments."""

from pathlib import Path

from tests import disturbances
from tests.disturbances import Verdict
from tests.faults.registry import Outcome, fault_alone

ROUNDS = 10


@fault_alone(
    "streams-paused",
    rows=("24", "2"),
    injected=f"streams: {ROUNDS} pauses of 14 s after which a worker goes on",
)
def streams_paused(folder: Path) -> Outcome:
    with disturbances.bed(folder) as bed:
        verdict = disturbances.pauses(bed, rounds=ROUNDS)
    return _outcome(verdict, verdict.faults)


@fault_alone(
    "streams-come-and-go",
    rows=("6", "2", "17"),
    injected=f"streams: {ROUNDS} times one worker becomes four, then one, by SIGTERM and kill -9",
)
def streams_come_and_go(folder: Path) -> Outcome:
    with disturbances.bed(folder) as bed:
        verdict = disturbances.storms(bed, rounds=ROUNDS)
    late_s = max(0.0, verdict.longest_pause_s - disturbances.LONGEST_PAUSE_S)
    late = [f"a session waited {late_s:.1f} s too long"] if late_s else []
    return _outcome(verdict, verdict.faults + late)


def _outcome(verdict: Verdict, differences: list[str]) -> Outcome:
    load = f"{disturbances.SESSIONS} sessions, {verdict.chunks} chunks on topics"
    longest = f"longest pause of a session {verdict.longest_pause_s:.1f} s"
    return Outcome(load, longest, differences)
