"""Laws of all commands: `--json`, and arguments that are refused before anything is begun."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from deploy.cli.main import app
from deploy.devstack.free_ports import free_port_base
from deploy.prepare import credentials

NOWHERE = "no-such-folder"
COMMAND = [sys.executable, "-m", "deploy.cli.main"]


def commands(command: object = None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of each command that does something."""
    found = typer.main.get_command(app) if command is None else command
    below = getattr(found, "commands", None)
    if below is None:
        yield path
        return
    for name, one in below.items():
        yield from commands(one, (*path, name))


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


@pytest.mark.parametrize("words", [*commands()], ids=" ".join)
def test_every_command_takes_json_and_explains_itself(words: tuple[str, ...]) -> None:
    done = run(*words, "--help")
    assert done.exit_code == 0
    assert "--json" in done.output
    assert "one JSON document" in done.output


@pytest.mark.parametrize("words", [*commands()], ids=" ".join)
def test_an_option_that_there_is_not_is_refused(words: tuple[str, ...]) -> None:
    done = run(*words, "--no-such-option")
    assert done.exit_code == 2
    assert "No such option" in done.output


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("throughput", "nonsense"), "nonsense"),
        (("scaling", "nonsense"), "nonsense"),
        (("scaling", "--minutes", "0"), "--minutes"),
        (("memory", "--minutes", "0"), "--minutes"),
        (("speech", ".", "--workers", "0"), "--workers"),
        (("speech", ".", "--page", NOWHERE), "--page"),
        (("acceptance", "--page", NOWHERE), "--page"),
        (("evidence", ".", "--write", f"{NOWHERE}/weights.json"), "--write"),
        (("structure", "--page", f"{NOWHERE}/page.md"), "--page"),
        (("structure", "--tree", NOWHERE), "--tree"),
    ],
)
def test_a_benchmark_refuses_before_it_begins(
    words: tuple[str, ...], complaint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Before, some of them failed at the end, after hours."""
    monkeypatch.chdir(tmp_path)
    for ending in ("flac", "json", "rttm"):
        (tmp_path / f"talk.{ending}").touch()
    done = run("benchmark", *words)
    assert done.exit_code == 2
    assert complaint in done.output


def test_bytes_that_are_no_text_count_as_nothing() -> None:
    """Before, a stream that is not UTF-8 ended in a traceback where the system is strict."""
    done = subprocess.run(
        [*COMMAND, "count"],
        input=b"can lah\n\xff\xfe walao\n",
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8:strict"},
    )
    assert done.stdout.splitlines() == [b'{"can": 1, "lah": 1}', b'{"walao": 1}']


def test_a_reader_that_goes_gets_no_traceback() -> None:
    """As with `| head`."""
    with subprocess.Popen(
        [*COMMAND, "count"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as counting:
        assert counting.stdin is not None
        assert counting.stdout is not None
        counting.stdout.close()
        _, complaint = counting.communicate(b"can lah\n" * 1000)
    assert b"Traceback" not in complaint


def test_a_stack_that_is_down_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Before, the phone tried again for ever, and the person was told nothing."""
    monkeypatch.setenv("LAHSTATS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LAHSTATS_PORT_BASE", str(free_port_base()))
    credentials.ensure(tmp_path)
    done = run("record", "tests/recordings/kopitiam_2spk.flac")
    assert done.exit_code == 1
    assert "no gateway listens on" in done.stderr
    assert "`lahstats up` starts it" in done.stderr
