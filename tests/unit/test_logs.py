"""Logs: every line is one JSON object, whoever wrote it."""

import json
import subprocess
import sys

PROGRAM = """import logging
from adapters.process import logs
logs.configure("probe")
logs.logger().warning("part_away", part="s3")
logging.getLogger("some.library").warning("slow: %s s", 3)
logging.getLogger("some.library").info("nobody reads this")
try:
    raise ValueError("no")
except ValueError:
    logging.getLogger("some.library").exception("it broke")
"""


def test_our_lines_and_the_libraries_are_json() -> None:
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line["event"] for line in lines] == ["part_away", "slow: 3 s", "it broke"]
    assert {line["process"] for line in lines} == {"probe"}
    assert (lines[0]["level"], lines[0]["part"]) == ("warning", "s3")
    assert (lines[1]["level"], lines[1]["logger"]) == ("warning", "some.library")
    assert "ValueError: no" in lines[2]["exception"]
    assert all("timestamp" in line for line in lines)
