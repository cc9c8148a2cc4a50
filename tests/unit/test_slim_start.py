"""Processes that only pass events on start, and write rows, without large libraries."""

import subprocess
import sys

import pytest

HEAVY = ("torch", "torchaudio", "pyannote", "faster_whisper", "ctranslate2", "av", "chdb")
BLOCKED = f"import sys; [sys.modules.__setitem__(name, None) for name in {HEAVY}]"


@pytest.mark.parametrize(
    "module",
    [
        "producers.gateway.main",
        "streams.main",
        "api.main",
        "consumers.sink.main",
        "consumers.rollup.main",
        "consumers.cluster.main",
        "consumers.voices.pyannote_models",  # it prepares the imports, so it must not make them
    ],
)
def test_starts_without_the_heavy_libraries(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"{BLOCKED}; import {module}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


FIRST_INSERT = """
import sys
import adapters.warehouse
from clickhouse_connect.datatypes.registry import get_from_name
from clickhouse_connect.driver.insert import InsertContext

InsertContext("t", ["n"], [get_from_name("UInt64")], [[1]])
print(*sorted({"numpy", "pandas", "pyarrow"} & sys.modules.keys()))
"""


def test_the_first_insert_of_a_process_loads_no_library_for_frames() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FIRST_INSERT], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
