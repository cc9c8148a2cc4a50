"""Every process says in its log that it starts, what it was told, and that it ends."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.process import health, lifecycle
from adapters.settings import Settings
from deploy.devstack.free_ports import free_port_base
from deploy.devstack.probing import ProbeAnswer
from deploy.prepare import credentials
from schemas import stages
from schemas.stage_kinds import Stage

END_S = 60
Ran = tuple[dict[str, object], subprocess.Popen[str]]
"""The line of the start, and the process, which was sent SIGTERM right after it."""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Ran]]:
    """Every stage's own process, with secrets and without any server."""
    folder = tmp_path_factory.mktemp("stages")
    credentials.ensure(folder)
    base = free_port_base()
    processes = {}
    for stage in stages.ALL:
        environment = {
            "LAHSTATS_DATA_DIR": str(folder),
            "LAHSTATS_PORT_BASE": str(base),
            "LAHSTATS_HEALTH_PORT": str(base + stage.health_port),
            "LAHSTATS_CLICKHOUSE_URL": f"http://someone:said@127.0.0.1:{base + 3}",
        }
        processes[stage.name.value] = subprocess.Popen(
            [sys.executable, "-m", stage.module],
            env=os.environ | environment,
            stderr=subprocess.PIPE,
            text=True,
        )
    found = {}
    for name, process in processes.items():
        found[name] = (first_event(process, "process_started"), process)
        process.send_signal(signal.SIGTERM)
    yield found
    for process in processes.values():
        process.kill()
        process.communicate()


def first_event(process: subprocess.Popen[str], event: str) -> dict[str, object]:
    """The next line of the log with this event. Blocks until it comes, or the log ends."""
    assert process.stderr is not None
    for line in process.stderr:
        fields = json.loads(line) if line.startswith("{") else {}
        if fields.get("event") == event:
            return dict(fields)
    raise AssertionError(f"the log ended without {event}")


@pytest.mark.parametrize("stage", stages.ALL, ids=lambda stage: stage.name)
def test_a_process_says_that_it_starts_and_that_it_ends(ran: dict[str, Ran], stage: Stage) -> None:
    start, process = ran[stage.name.value]
    assert (start["stage"], start["version"]) == (stage.name, "0.1.0")
    assert process.wait(END_S) == 0
    end = first_event(process, "process_stopped")
    assert end["process"] == start["process"]
    assert isinstance(end["ms"], int)
    told = start["settings"]
    assert isinstance(told, dict)
    folder = Path(told["data_dir"])
    for name in credentials.NAMES:
        assert (folder / "secrets" / name).read_text() not in json.dumps(start)
    assert told["clickhouse_url"].startswith("http://127.0.0.1:")  # without somebody's password


def test_no_secret_is_shown_by_any_setting(tmp_path: Path) -> None:
    credentials.ensure(tmp_path)
    shown = lifecycle.public(Settings(data_dir=tmp_path, kafka="plain:1"))
    assert shown["kafka"] == "plain:1"
    assert not {"s3_secret_key", "s3_access_key", "clickhouse_password", "upload_secret"} & set(
        shown
    )


def test_the_line_of_readiness_comes_once_and_probes_are_told_what_is_missing() -> None:
    program = """
import threading, time
from adapters.process import lifecycle
from adapters.settings import Settings
from schemas import stages
process = lifecycle.begin(Settings(), stages.CLIPS)
is_ready = threading.Event()
process.ready_when(is_ready.is_set, "partitions")
time.sleep(0.3)
is_ready.set()
for thread in threading.enumerate():
    if thread.name == "await-ready":
        thread.join()
raise RuntimeError("over")
"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    events = [json.loads(line) for line in done.stderr.splitlines()]
    names = ["process_started", "process_ready", "process_failed", "process_stopped"]
    assert [event["event"] for event in events] == names
    assert events[1]["ms"] >= 300
    assert "RuntimeError: over" in events[2]["exception"]
    assert done.returncode == 1


def test_a_probe_is_told_what_the_process_waits_for() -> None:
    answer = health.answer("/readyz", lambda: False, lambda: "partitions")
    assert answer == (503, b"waits for partitions\n")


def test_a_probe_is_told_what_a_ready_process_works_without() -> None:
    answer = health.answer("/readyz", lambda: True, lambda: "", lambda: "quotes")
    assert answer == (200, b"ready without quotes\n")
    assert ProbeAnswer(True, "ready without quotes").degraded
    assert not ProbeAnswer(True, "ready").degraded


@pytest.mark.parametrize(("code", "status"), [(None, 0), (0, 0), (3, 3), ("no such topic", 1)])
def test_a_process_ends_with_the_status_that_python_gives_a_system_exit(
    code: object, status: int
) -> None:
    assert lifecycle.exit_status(code) == status
    program = "import sys; sys.exit(CODE)".replace("CODE", repr(code))
    ended = subprocess.run([sys.executable, "-c", program], check=False, stderr=subprocess.DEVNULL)
    assert ended.returncode == status
