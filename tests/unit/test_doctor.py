"""`lahstats doctor` and `make install`: programs that are too old, disks that are too small."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from adapters.settings import Settings
from deploy.cli.main import app
from deploy.devstack import disk_space, doctor
from deploy.devstack.disk_space import (
    GO_BUILDS_MB,
    GO_MODULES_MB,
    LIBRARIES_MB,
    MB,
    SERVERS_MB,
    STACK_MB,
    Wanted,
    of_installation,
    shortages,
)
from deploy.devstack.obstacles import StackError, refuse_machine
from deploy.devstack.toolchains import needed


class Usage(NamedTuple):
    """As `shutil` says it."""

    total: int
    used: int
    free: int


SAYS = {
    "java": 'openjdk version "11.0.2" 2019-01-15',
    "mvn": "Apache Maven 3.3.9 (bb52d8502b132ec0a5a3f4c09453c07478323dc5)",
    "go": "go version go1.19.8 linux/amd64",
    "npm": "6.14.18",
    "node": "v12.22.12",
    "nginx": "nginx version: nginx/1.12.2",
}
"""The words of programs of some years ago."""


@pytest.fixture
def old_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder before all others on the PATH, with programs that only say their version."""
    for name, text in SAYS.items():
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\necho '{text}' >&2\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(10**12, 10**12, 100 * MB))


@pytest.fixture(autouse=True)
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the caches of tools, which are empty."""
    for name in ("UV_CACHE_DIR", "GOMODCACHE", "GOCACHE", "GOPATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    return tmp_path / "caches"


def lacking(settings: Settings) -> dict[str, str]:
    return {one.name: one.advice for one in doctor.findings(settings) if not one.ok}


def test_programs_that_are_too_old_are_named_with_their_version(old_programs: Path) -> None:
    """Before, any Maven, Go, npm and nginx would do, and the installation failed much later."""
    told = lacking(Settings())
    for name, said in (
        ("Java 17 or newer", "java is 11.0.2: "),
        ("Maven 3.6.3 or newer", "mvn is 3.3.9: "),
        ("Go 1.26 or newer", "go is 1.19.8: "),
        ("npm 7 or newer, for `make test`", "npm is 6.14.18: "),
        ("Node.js 20 or newer, for `make test`", "node is 12.22.12: "),
        ("nginx 1.13 or newer", f"{old_programs / 'nginx'} is 1.12.2: "),
    ):
        assert told[name].startswith(said), told
        assert "install" in told[name]


def test_a_program_that_says_no_version_will_not_do(old_programs: Path) -> None:
    (old_programs / "java").write_text("#!/bin/sh\necho 'no runtime was found'; exit 1\n")
    assert lacking(Settings())["Java 17 or newer"].startswith("java says none: ")


def test_a_stack_does_not_come_up_on_an_old_java(old_programs: Path, tmp_path: Path) -> None:
    """Before, the broker ended at once, and `up` waited for it for two minutes."""
    with pytest.raises(StackError, match=r"Java 17 or newer is needed: java is 11\.0\.2"):
        refuse_machine(tmp_path / "data")


def test_every_program_that_the_makefile_and_the_installer_run_is_asked() -> None:
    asked = {tool.asked[0] for tool in needed()}
    assert asked == {"java", "mvn", "go", "npm", "node"}


@pytest.mark.usefixtures("full")
def test_a_disk_that_is_too_small_is_named_with_what_is_needed_and_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before, doctor said that all was well."""
    monkeypatch.setenv("LAHSTATS_DATA_DIR", str(tmp_path / "data"))
    done = CliRunner().invoke(app, ["doctor", "--json"])
    assert done.exit_code == 1
    assert "0.6 GB of free disk" in done.stdout
    assert f"free 0.5 GB on the disk of these: the stack's data: 0.6 GB in {tmp_path}" in (
        done.stdout
    )
    assert "0.1 GB are free" in done.stdout


def test_a_fresh_clone_needs_what_the_readme_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk_space, "disk_of", lambda _: 1)
    parts = list(of_installation(tmp_path, has_servers=False))
    assert {one.what: one.megabytes for one in parts} == {
        "Python's libraries": LIBRARIES_MB,
        "servers and weights": SERVERS_MB,
        "Go's modules": GO_MODULES_MB,
        "what Go builds": GO_BUILDS_MB,
    }
    assert sum(one.megabytes for one in parts) + STACK_MB < 10_000
    assert "and 10 GB of disk" in Path("README.md").read_text()


def test_a_cache_on_another_disk_is_another_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setattr(disk_space, "disk_of", lambda place: int("elsewhere" in str(place)))
    parts = of_installation(tmp_path / "clone", has_servers=True)
    assert [one.what for one in parts] == ["Python's libraries", "uv's cache"]


def holds(folder: Path, megabytes: int) -> None:
    folder.mkdir(parents=True)
    with (folder / "torch").open("wb") as file:
        file.truncate(megabytes * MB)


def test_an_installation_that_was_interrupted_needs_the_rest(tmp_path: Path) -> None:
    holds(tmp_path / ".venv", 5_000)
    (libraries, *_) = of_installation(tmp_path, has_servers=True)
    assert libraries.megabytes == LIBRARIES_MB - 5_000


@pytest.mark.parametrize("is_on_another_disk", [False, True])
def test_a_second_clone_needs_no_library_twice(
    tmp_path: Path, caches: Path, monkeypatch: pytest.MonkeyPatch, is_on_another_disk: bool
) -> None:
    """Before, `make install` refused it on a disk with less than all of them."""
    holds(caches / "uv", LIBRARIES_MB + 5_000)
    elsewhere = "caches" if is_on_another_disk else "nowhere"
    monkeypatch.setattr(disk_space, "disk_of", lambda place: int(elsewhere in str(place)))
    parts = list(of_installation(tmp_path / "clone", has_servers=True))
    assert parts[-1].megabytes == 0
    assert len(parts) == 1 + is_on_another_disk


def test_caches_are_looked_for_where_tools_have_them(
    tmp_path: Path, caches: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before, a small disk with the home folder was too small, though nothing went there."""
    monkeypatch.setenv("GOPATH", str(tmp_path / "large"))
    places = {one.what: one.place for one in of_installation(tmp_path, has_servers=False)}
    assert places["Go's modules"] == tmp_path / "large" / "pkg" / "mod"
    assert places["what Go builds"] == caches / "go-build"


def test_an_installation_that_is_whole_needs_nothing_more(tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / ".installed").touch()
    assert list(of_installation(tmp_path, has_servers=True)) == []


def test_parts_on_one_disk_are_added_up() -> None:
    parts = [Wanted(name, Path("/", name), 600) for name in ("a", "b", "elsewhere")]
    disks = {Path("/elsewhere"): 2}
    (found,) = shortages(parts, lambda _: 1_000, lambda place: disks.get(place, 1))
    assert [one.what for one in found.wanted] == ["a", "b"]
    assert found.needed == "1.2 GB"
    assert str(found) == (
        "free 0.2 GB on the disk of these: a: 0.6 GB in /a; b: 0.6 GB in /b. 1.0 GB are free"
    )


def test_make_asks_for_the_disk_before_it_installs() -> None:
    """By Python alone: there is no other package yet."""
    rule = Path("Makefile").read_text().partition(".venv/.installed:")[2]
    lines = [line.strip().lstrip("@") for line in rule.splitlines()[1:]]
    commands = [line for line in lines if not line.startswith("#")]
    assert commands[:2] == ["python3.11 -m deploy.devstack.disk_space", "python3.11 -m venv .venv"]
    done = subprocess.run(
        [sys.executable, "-S", "-E", "-c", "import deploy.devstack.disk_space"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_a_place_that_nobody_may_look_at_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before, a traceback, as in a home folder of somebody else. Root may look everywhere."""
    place = tmp_path / ("a" * 300)
    monkeypatch.setenv("UV_CACHE_DIR", str(place / "uv"))
    (libraries, *_) = of_installation(tmp_path, has_servers=True)
    assert libraries.megabytes == LIBRARIES_MB
    with pytest.raises(StackError, match="its name is too long"):
        refuse_machine(place)
