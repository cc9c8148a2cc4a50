"""Commands that cannot do what they are asked say so in a line, and start nothing."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from adapters.audio.opening import NoSoundError
from adapters.settings import DATA_DIR, Settings
from deploy.backup.restore import restore
from deploy.cli.main import app
from deploy.cli.options import explained
from deploy.demo import phone_session
from deploy.uuid7 import new_session_id
from schemas.impossible import MOST_WINDOWS
from schemas.limits import SESSION_MS

NOWHERE = "there-is-no-such.file"


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


@pytest.mark.parametrize(
    "words",
    [
        ("lexicon", "check", NOWHERE),
        ("lexicon", "diff", NOWHERE, NOWHERE),
        ("lexicon", "group", "makan", NOWHERE),
        ("recount", "--lexicon", NOWHERE),
        ("record", NOWHERE),
        ("demo", NOWHERE),
        ("lexicon", "check", "."),
    ],
    ids=" ".join,
)
def test_a_file_that_is_not_there_is_named(words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.exit_code == 2
    assert f"file '{words[-1]}'" in done.output


def test_a_recording_that_nobody_can_hear_starts_no_stack(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LAHSTATS_DATA_DIR", str(tmp_path / "data"))
    talk = tmp_path / "talk.flac"
    talk.write_bytes(b"")
    done = run("demo", str(talk))
    assert (done.exit_code, done.stderr) == (1, f"{talk}: no file that can be opened\n")
    assert not (tmp_path / "data").exists()


def test_a_recording_that_nobody_can_hear_begins_no_session(tmp_path: Path) -> None:
    nobody: Any = None
    talk = tmp_path / "talk.flac"
    talk.write_bytes(b"")
    with pytest.raises(NoSoundError):
        phone_session.record(nobody, new_session_id(), talk, nobody, nobody)


def test_a_folder_that_is_no_backup_stops_no_stage(tmp_path: Path) -> None:
    def paused() -> AbstractContextManager[None]:
        raise AssertionError("stages were stopped")

    with pytest.raises(FileNotFoundError):
        restore(Settings(), tmp_path, print, None, paused)


def test_a_stack_that_never_was_up_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LAHSTATS_DATA_DIR", str(tmp_path))
    talk = tmp_path / "talk.flac"
    talk.write_bytes(b"")
    done = run("record", str(talk))
    assert done.exit_code == 1
    assert "lahstats up" in done.output


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("token", "--user", ""), "a user's id is text of 1 to 128 characters"),
        (("token", "--user", " mei"), "no blanks at its edges"),
        (("token", "--hours", "0"), "--hours"),
        (("wrapped", "--user", ""), "--user: a user's id"),
        (("wrapped", "--period", "decade"), "a period is year"),
        (("wrapped", "--session", "a", "--group", "b"), "not of both"),
        (("logs", "nobody"), "no process nobody has run here"),
        (("logs", "sink", "--lines", "-1"), "--lines"),
        (("demo", "--speed", "0"), "--speed"),
        (("demo", "--speakers", "21"), "--speakers"),
        (("benchmark", "latency", ".", "--minutes", "x"), "numbers over 0 with commas"),
        (("benchmark", "long", ".", "--minutes", "0"), "numbers over 0 with commas"),
        (("benchmark", "warehouse", "--people", "519"), "--people"),
        (("benchmark", "batches", ".", "--sizes", "1.5"), "numbers over 0 with commas"),
    ],
)
def test_a_value_that_no_server_would_take_is_named(
    words: tuple[str, ...], complaint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LAHSTATS_DATA_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    for ending in ("flac", "json", "rttm"):
        (tmp_path / f"talk.{ending}").touch()
    done = run(*words)
    assert done.exit_code in (1, 2)
    assert complaint in done.output


@pytest.mark.parametrize(
    "words",
    [
        ("speech", "."),
        ("real", "."),
        ("evidence", "."),
        ("listening", "."),
        ("languages", "."),
        ("tables", "."),
        ("far", "."),
        ("formats", "."),
        ("shapes", "."),
        ("latency", "."),
        ("batches", "."),
        ("voices", "."),
        ("long", "."),
        ("long", NOWHERE),
    ],
    ids=" ".join,
)
def test_a_folder_without_recordings_is_named(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LAHSTATS_DATA_DIR", str(tmp_path / "data"))
    done = run("benchmark", *words)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{words[-1]}: no NAME.flac with")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("PORT_BASE", "abc", "It should be a valid integer"),
        ("PORT_BASE", "65536", "It should be less than or equal to 65435"),
        ("TRANSCRIBE_PASSES", "-1", "It should be greater than or equal to 0"),
        ("ENVIRONMENT", "test", "It should be 'development' or 'production'"),
        ("TIME_ZONE", "Singapura", "It should be an IANA time zone"),
        ("FRONT_DOORS", "everybody", "It should be addresses and networks"),
        ("WINDOW_MS", "60000", "It should be at most"),
        ("WINDOW_MS", str(SESSION_MS.most // MOST_WINDOWS), "It should be greater than or equal"),
        ("DIARIZATION_STEP_S", "inf", "It should be a finite number"),
        ("DIARIZATION_STEP_S", "nan", "It should be a finite number"),
        ("MARGIN_BEFORE_MS", "1", "It should be at least"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(
    name: str, value: str, allowed: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LAHSTATS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv(f"LAHSTATS_{name}", value)
    done = run("token")
    assert done.exit_code == 1
    (line,) = done.output.splitlines()
    assert line.startswith(f"LAHSTATS_{name} is ")
    assert value in line
    assert allowed in line


@pytest.mark.parametrize(
    ("name", "allowed"), [("PROFILE", "one of: offline"), ("MANIFEST", "a file: No such file")]
)
def test_a_setting_of_the_models_that_names_nothing_is_named(
    name: str, allowed: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LAHSTATS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv(f"LAHSTATS_MODELS_{name}", NOWHERE)
    done = run("doctor")
    assert done.exit_code == 1
    assert f"LAHSTATS_MODELS_{name} is '{NOWHERE}'. It should be {allowed}" in done.output


def test_a_port_that_is_written_as_a_fraction_moves_all_servers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LAHSTATS_PORT_BASE", "20000.0")
    assert Settings().kafka == "127.0.0.1:20000"


def test_a_folder_for_data_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    occupied = tmp_path / "data"
    occupied.write_bytes(b"")
    monkeypatch.setenv("LAHSTATS_DATA_DIR", str(occupied))
    done = run("up")
    assert done.exit_code == 1
    assert "Not a directory" in done.output


@pytest.mark.parametrize("command", ["token", "up", "down", "status", "doctor"])
def test_a_folder_whose_name_is_too_long_is_named(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before, each command ended in a traceback."""
    monkeypatch.setenv("LAHSTATS_DATA_DIR", "/" + "a" * 300)
    done = run(command)
    assert done.exit_code == 1
    assert done.output.endswith("It cannot be used: File name too long\n")


def test_no_folder_is_the_usual_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Before, secrets came from a folder beside, or there were none."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LAHSTATS_DATA_DIR", "")
    secrets = DATA_DIR / "secrets"
    secrets.mkdir(parents=True)
    (secrets / "lahstats_upload_secret").write_text("s" * 32)
    assert Settings().upload_secret.get_secret_value() == "s" * 32


def test_brackets_in_a_name_are_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BaseException, match="1"), explained("talk[/b].flac"):
        raise ValueError("no audio")
    assert "talk[/b].flac: no audio" in capsys.readouterr().err
