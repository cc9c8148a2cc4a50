"""Workers of a scaled service: each has a number of its own, and a killed one's is taken again."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from adapters.kafka.transaction import writer_of
from adapters.process import lifecycle
from adapters.process.worker_number import take_number
from adapters.settings import Settings
from schemas import stages

TAKES = """
import sys
from pathlib import Path
from adapters.process.worker_number import take_number
print(take_number(Path(sys.argv[1]), "clips"), flush=True)
input()
"""


@contextmanager
def worker(folder: Path) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    command = [sys.executable, "-c", TAKES, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as one:
        assert one.stdout is not None
        try:
            yield int(one.stdout.readline()), one
        finally:
            one.kill()


def test_two_workers_have_two_numbers_and_a_killed_ones_is_taken_again(tmp_path: Path) -> None:
    folder = tmp_path / "workers"
    with worker(folder) as (first, killed), worker(folder) as (second, _):
        assert [first, second] == [0, 1]
        killed.kill()
        killed.wait()
        with worker(folder) as (again, _), worker(folder) as (third, _):
            assert [again, third] == [0, 2]


def test_stages_do_not_share_their_numbers(tmp_path: Path) -> None:
    assert take_number(tmp_path, "sink") == 0
    assert take_number(tmp_path, "rollup") == 0


def test_a_process_says_its_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that is named after the number is: its log, its tables, its id at the broker."""
    monkeypatch.setenv("LAHSTATS_WORKERS_DIR", str(tmp_path))
    taken = take_number(tmp_path, stages.CLIPS.name)
    settings = lifecycle.numbered(Settings(), stages.CLIPS)
    assert (taken, settings.worker) == (0, 1)


def test_a_number_that_is_given_stays() -> None:
    assert lifecycle.numbered(Settings(worker=3), stages.CLIPS).worker == 3


def test_the_id_of_a_writer_is_made_of_the_host_and_the_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert writer_of(Settings(worker=3), stages.CLIPS) == f"lahstats-clips-{os.uname().nodename}-3"
    monkeypatch.setenv("LAHSTATS_HOST_NAME", "one-host")
    assert writer_of(Settings(), stages.CLIPS) == "lahstats-clips-one-host-0"
