"""A stack that would not come up is refused before it starts, in lines to act on."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.settings import Settings
from deploy.cli.main import app
from deploy.devstack import front, obstacles
from deploy.devstack.folder_lock import FolderLock
from deploy.devstack.free_ports import free_port_base
from deploy.devstack.obstacles import StackError, await_free, refuse_machine, refuse_taken
from deploy.devstack.processes import Process, front_door, servers, stage_processes
from deploy.devstack.supervision import Supervisor
from deploy.front_door.nginx import configuration
from schemas import stages

HOLDS = """
import sys
from pathlib import Path
from deploy.devstack.folder_lock import FolderLock
with FolderLock(Path(sys.argv[1])).held():
    print("held", flush=True)
    input()
"""


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch, short_path: Path) -> Settings:
    """The settings of a stack of its own, as commands read them."""
    monkeypatch.setenv("LAHSTATS_DATA_DIR", str(short_path / "data"))
    monkeypatch.setenv("LAHSTATS_PORT_BASE", str(free_port_base()))
    return Settings()


def processes(settings: Settings) -> list[tuple[str, tuple[tuple[str, int], ...]]]:
    every = [*servers(settings), front_door(settings), *stage_processes(settings)]
    return [(one.name, one.listens) for one in every]


def test_every_process_says_where_it_listens(stack: Settings) -> None:
    listens = dict(processes(stack))
    assert all(listens.values())
    ports = [port for addresses in listens.values() for _, port in addresses]
    assert len(ports) == len(set(ports))
    health = {stack.port_base + stage.health_port for stage in stages.ALL}
    named = ("kafka", "kafka_controller", "s3", "clickhouse", "gateway", "api", "front")
    assert set(ports) == health | {stack.port(name) for name in named}


@pytest.mark.parametrize("name", ["kafka", "kafka_controller", "s3", "api", "front"])
def test_a_port_of_somebody_else_is_named_and_nothing_starts(stack: Settings, name: str) -> None:
    """Before, that process's answers were taken for ours, or nothing was said for two minutes."""
    port = stack.port(name)
    with socket.create_server(("127.0.0.1", port)):
        done = CliRunner().invoke(app, ["up"])
    assert done.exit_code == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"127.0.0.1:{port} cannot be used (Address already in use)")
    assert "LAHSTATS_PORT_BASE" in line
    assert not (stack.data_dir / "supervisor").exists()


def test_ports_that_are_taken_are_one_line() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as one,
        socket.create_server(("127.0.0.1", 0)) as two,
    ):
        taken = [one.getsockname(), two.getsockname()]
        with pytest.raises(StackError) as refusal:
            refuse_taken(taken)
    assert str(refusal.value).startswith(", ".join(f"127.0.0.1:{port}" for _, port in taken))
    assert "\n" not in str(refusal.value)


def test_a_port_that_is_freed_meanwhile_is_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = taken.getsockname()
        await_free([address], timeout_s=0.1)
        with pytest.raises(StackError):
            refuse_taken([address])
    await_free([address], timeout_s=0.1)
    refuse_taken([address])


def test_a_command_outside_the_clone_says_so(
    stack: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(obstacles, "TOOLS", tmp_path / "nothing")
    done = CliRunner().invoke(app, ["up"])
    assert done.exit_code == 1
    assert "Kafka is not in" in done.stderr
    assert "run `make install`, and this, in the clone" in done.stderr
    assert not stack.data_dir.exists()


def test_a_disk_without_room_is_named(stack: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(obstacles, "LEAST_FREE_MB", 2**40)
    with pytest.raises(StackError, match=r"MB of its disk are free, .*LAHSTATS_DATA_DIR"):
        refuse_machine(stack.data_dir)


@pytest.mark.parametrize(
    ("name", "complaint"),
    [("a" * 100, "too long for a socket"), ("mine, yours", "do not take ,"), ("50%", "take %")],
)
def test_a_folder_that_no_server_takes_is_named(tmp_path: Path, name: str, complaint: str) -> None:
    with pytest.raises(StackError, match=complaint):
        refuse_machine(tmp_path / name)


def test_a_folder_for_everybody_stays_so(stack: Settings) -> None:
    stack.data_dir.mkdir()
    stack.data_dir.chmod(0o1777)  # as /tmp is
    for word in ("up", "down"):
        CliRunner().invoke(app, [word])
        assert stack.data_dir.stat().st_mode & 0o7777 == 0o1777
    with pytest.raises(StackError, match=r"not this user's alone, .*LAHSTATS_DATA_DIR"):
        refuse_machine(stack.data_dir)


@pytest.mark.parametrize("mode", [None, 0o755, 0o2770], ids=["new", "of before", "of a group"])
def test_nobody_else_reads_the_folder(stack: Settings, mode: int | None) -> None:
    if mode is not None:
        stack.data_dir.mkdir()
        stack.data_dir.chmod(mode)
    with socket.create_server(("127.0.0.1", stack.port("api"))):
        assert CliRunner().invoke(app, ["up"]).exit_code == 1
    assert stack.data_dir.stat().st_mode & 0o7777 == 0o700


def test_blanks_and_other_letters_are_taken() -> None:
    refuse_machine(Path("/tmp/ein Stück kopi ☕"))  # noqa: S108 - nothing is written


def test_one_command_at_a_time_works_in_a_folder(stack: Settings) -> None:
    """Before, two `lahstats up` at once ended in the traceback of one of them."""
    command = [sys.executable, "-c", HOLDS, str(stack.data_dir)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        for word in ("up", "down"):
            done = CliRunner().invoke(app, [word])
            assert done.exit_code == 1
            assert f"another `lahstats` (process {other.pid})" in done.stderr
        other.kill()
    with FolderLock(stack.data_dir).held():
        assert (stack.data_dir / "command.lock").read_text() == str(os.getpid())


def test_a_stack_that_runs_with_fewer_workers_says_so(
    stack: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before, `LAHSTATS_TRANSCRIBE_WORKERS=2 lahstats up` on a stack with one was a traceback.

    Nobody asks a stack that runs for the room to start one.
    """
    monkeypatch.setattr(obstacles, "LEAST_FREE_MB", 2**40)
    programs = [name for name, _ in processes(stack) if name != "transcribe-0"]
    supervisor = Supervisor(stack.data_dir)
    supervisor.launch([Process(name, [sys.executable, "-V"], "") for name in programs])
    try:
        done = CliRunner().invoke(app, ["up"])
    finally:
        supervisor.shutdown()
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        "the stack that runs has no transcribe-0: `lahstats down` first"
    ]


def test_who_holds_a_folder_may_hold_it_again(tmp_path: Path) -> None:
    """A command that is ended in the middle stops what it started."""
    lock = FolderLock(tmp_path)
    with lock.held(), lock.held(), pytest.raises(StackError), FolderLock(tmp_path).held():
        pass
    with FolderLock(tmp_path).held():
        pass


def test_down_without_a_stack_makes_no_folder(stack: Settings) -> None:
    assert CliRunner().invoke(app, ["down"]).exit_code == 0
    assert not stack.data_dir.exists()


def test_the_front_door_takes_a_folder_with_blanks() -> None:
    text = configuration(front.door(Settings(data_dir=Path("/my talks"), phone_address="10.0.0.1")))
    assert 'pid "/my talks/front/nginx.pid";' in text
    assert 'ssl_certificate "/my talks/front/tls/tls.crt";' in text
    unquoted = [line for line in text.splitlines() if "/my talks" in line and '"/my' not in line]
    assert unquoted == []
