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
        return _outcome(disturbances.pauses(bed, rounds=ROUNDS))


@fault_alone(
    "streams-come-and-go",
    rows=("6", "2", "17"),
    injected=f"streams: {ROUNDS} times one worker becomes four, then one, by SIGTERM and kill -9",
)
def streams_come_and_go(folder: Path) -> Outcome:
    with disturbances.bed(folder) as bed:
        return _outcome(disturbances.storms(bed, rounds=ROUNDS))


def _outcome(verdict: Verdict) -> Outcome:
    """The pause is a figure: a machine that others use too says nothing about the promise."""
    load = f"{disturbances.SESSIONS} sessions, {verdict.chunks} chunks on topics"
    longest = f"longest pause of a session {verdict.longest_pause_s:.1f} s"
    return Outcome(load, longest, verdict.faults)
