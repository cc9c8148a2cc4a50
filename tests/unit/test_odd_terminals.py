"""Commands whose answer cannot be written, or whose question is not there: a line, no traceback."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import typer

from deploy.cli.options import write_file

COMMAND = [sys.executable, "-m", "deploy.cli.main"]
FULL = Path("/dev/full")
LEXICON = "schemas/lexicon.json"


def run(*words: str | bytes, env: Mapping[str, str] | None = None, **given: Any) -> Any:
    """The command, done. Its streams are bytes."""
    given = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **given}
    return subprocess.run(
        [*COMMAND, *words], check=False, env={**os.environ, **(env or {})}, **given
    )


@pytest.mark.parametrize("more", [(), ("--json",)], ids=["text", "json"])
def test_a_full_disk_is_named(more: tuple[str, ...]) -> None:
    """Before, the command said nothing of it but what the interpreter says as it ends."""
    with FULL.open("wb") as full:
        done = run("lexicon", "check", LEXICON, *more, stdout=full)
    assert done.stderr == b"the answer cannot be written: No space left on device\n"
    assert done.returncode == 1


def test_a_full_disk_ends_a_count() -> None:
    with FULL.open("wb") as full:
        done = run("count", input=b"can lah\n" * 3, stdout=full)
    assert done.stderr == b"the answer cannot be written: No space left on device\n"
    assert done.returncode == 1


def test_a_reader_that_has_gone_hears_nothing() -> None:
    reads, writes = os.pipe()
    os.close(reads)
    done = run("lexicon", "check", LEXICON, stdout=writes)
    os.close(writes)
    assert done.stderr == b""


def test_a_name_that_is_no_text_is_told(tmp_path: Path) -> None:
    """Before, the answer that named such a file was a traceback."""
    name = os.fsencode(tmp_path) + b"/\xff.json"
    Path(os.fsdecode(name)).write_bytes(Path(LEXICON).read_bytes())
    strict = {"PYTHONIOENCODING": "utf-8:strict"}
    done = run("lexicon", "check", name, env=strict)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == name.replace(b"\xff", b"\\udcff") + b": nothing is wrong\n"


def test_letters_that_a_terminal_lacks_are_escaped(tmp_path: Path) -> None:
    """Before, they were a traceback."""
    ours = json.loads(Path(LEXICON).read_bytes())
    ours["words"][0]["emoji"] = "🥢"
    (tmp_path / "new.json").write_text(json.dumps(ours))
    few = {"PYTHONIOENCODING": "latin-1"}
    words = ("lexicon", "diff", LEXICON, str(tmp_path / "new.json"))
    assert run(*words, env=few).stdout.endswith(b"-> \\U0001f962\n")
    assert json.loads(run(*words, "--json", env=few).stdout)[0].endswith("🥢")


def test_a_count_without_a_question_is_refused() -> None:
    """Before, a closed standard input was a traceback."""
    done = run("count", preexec_fn=lambda: os.close(0))
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(b"standard input is closed")


@pytest.mark.parametrize("columns", ["1", "0", "-5", "many"])
def test_help_in_a_narrow_terminal(columns: str) -> None:
    done = run("record", "--help", env={"COLUMNS": columns})
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_page_that_cannot_be_written_is_named_behind_the_answer() -> None:
    """Before, it was a traceback, and what was measured, for hours perhaps, was lost."""
    done = run("benchmark", "structure", "--tree", "schemas", "--page", str(FULL), "--json")
    assert json.loads(done.stdout)
    assert done.stderr == b"/dev/full cannot be written: No space left on device\n"
    assert done.returncode == 1


def test_a_folder_that_cannot_be_made_is_named_with_its_file(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Before, `lahstats generate` in a clone that is read only was a traceback."""
    file = Path(LEXICON) / "generated" / "new.json"
    with pytest.raises(typer.Exit):
        write_file(file, "")
    assert capsys.readouterr().err.startswith(f"{file} cannot be written: ")
