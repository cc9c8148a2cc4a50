"""The benchmark of an idle stack: memory and processor time of a process, and the table."""

import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from deploy.benchmark import idle
from deploy.benchmark.process_use import children_of, cpu_s, resident_bytes
from deploy.meanwhile import meanwhile
from deploy.waiting import until


def test_a_running_process_has_memory_and_one_that_is_gone_has_none() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert resident_bytes(gone.pid) == 0
    assert resident_bytes(os.getpid()) > 1_000_000


def test_processor_time_of_a_process_is_counted_over_its_threads() -> None:
    before = cpu_s(os.getpid())
    end_s = time.process_time() + 0.2
    while time.process_time() < end_s:
        pass
    assert 0.15 < cpu_s(os.getpid()) - before < 2


def test_a_process_is_found_whose_name_is_no_text(tmp_path: Path) -> None:
    """The kernel cuts a name after 15 bytes, within a letter too."""
    odd = tmp_path / ("é" * 20)
    odd.symlink_to(shutil.which("sleep") or "")
    with subprocess.Popen([odd, "60"]) as process:
        try:
            until(lambda: b"\xc3)" in Path(f"/proc/{process.pid}/stat").read_bytes(), bool)
            assert process.pid in children_of(os.getpid())
            assert resident_bytes(process.pid) > 0
        finally:
            process.kill()


def test_looks_end_with_the_block_also_after_an_error() -> None:
    """Before, the benchmark of memory went on for ever when its session failed."""
    looks: list[int] = []
    before = set(threading.enumerate())
    with pytest.raises(TimeoutError), meanwhile(lambda: looks.append(1), 0.001):
        until(lambda: looks, lambda found: len(found) > 1_000_000, 0.1)
    assert looks
    assert set(threading.enumerate()) <= before


def test_the_table_has_a_row_for_each_process_that_starts_or_idles() -> None:
    found = idle.Idle(12.0, 1.25, {"kafka": 5.5, "topics": 5.6}, 20.0, 60, {"kafka": 3.25})
    lines = idle.markdown(found)
    assert "| kafka | 5.5 s | 3.25 % |" in lines
    assert "| topics | 5.6 s | |" in lines
    assert found.idle_percent_in_all == 3.25
