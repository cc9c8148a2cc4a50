"""The command line starts quickly: a command imports what it needs, and help needs nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.prepare import credentials

HEAVY = (
    "aiokafka",
    "api",
    "chdb",
    "clickhouse_connect",
    "confluent_kafka",
    "consumers",
    "fastapi",
    "faust",
    "httpx",
    "minio",
    "numpy",
    "producers",
    "pyannote",
    "streams",
    "supervisor",
    "tenacity",
    "torch",
)
"""Packages that take a tenth of a second or more of CPU, and those that import them."""
PROGRAM = """
import sys
from deploy.cli.main import app
try:
    app(sys.argv[1:])
except SystemExit as ended:
    assert not ended.code, ended.code
top = {name.partition(".")[0] for name in sys.modules}
sys.stderr.write(" ".join(sorted(top)))
"""


@pytest.mark.parametrize(
    "arguments", [["--help"], ["benchmark", "--help"], ["dlq", "--help"], ["token"]]
)
def test_nothing_heavy_is_imported_to_print_help_or_a_token(
    arguments: list[str], tmp_path: Path
) -> None:
    credentials.ensure(tmp_path)
    environment = os.environ | {"LAHSTATS_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-c", PROGRAM, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert done.stdout
    imported = set(done.stderr.split())
    assert "typer" in imported
    assert sorted(imported.intersection(HEAVY)) == []
