"""Processes that only pass events on start, and write rows, without large libraries."""

import json
import subprocess
import sys

import pytest

HEAVY = ("torch", "torchaudio", "pyannote", "faster_whisper", "ctranslate2", "av", "chdb")
SLIM = (
    "producers.gateway.main",
    "streams.main",
    "api.main",
    "consumers.sink.main",
    "consumers.rollup.main",
    "consumers.cluster.main",
    "consumers.voices.pyannote_models",  # it prepares the imports, so it must not make them
)
IMPORTED = f"""
import importlib, json, sys, traceback

sys.modules.update(dict.fromkeys({HEAVY}))
failed = {{}}
for module in sys.argv[1:]:
    try:
        importlib.import_module(module)
    except Exception:
        failed[module] = traceback.format_exc()
print(json.dumps(failed))
"""


@pytest.fixture(scope="module")
def failed() -> dict[str, str]:
    """Why a module could not be imported without the heavy libraries. One process tries all."""
    command = [sys.executable, "-c", IMPORTED, *SLIM]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("module", SLIM)
def test_starts_without_the_heavy_libraries(failed: dict[str, str], module: str) -> None:
    assert module not in failed, failed[module]


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
