"""A new broker begins with a copy of an empty storage, which Kafka formatted once."""

import errno
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from adapters.settings import Settings
from deploy.devstack.kafka import broker


@pytest.fixture
def formatted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The storages that Kafka formatted."""
    formatted: list[Path] = []

    def format_it(command: Sequence[str], **_: object) -> None:
        config = Path(command[-1]).read_text()
        (logs,) = [line for line in config.splitlines() if line.startswith("log.dirs=")]
        formatted.append(Path(logs.removeprefix("log.dirs=")))
        formatted[-1].mkdir()
        (formatted[-1] / "bootstrap.checkpoint").write_text("empty")
        (formatted[-1] / "meta.properties").write_text("cluster.id=c")

    libs = tmp_path / "libs"
    libs.mkdir()
    monkeypatch.setattr(broker, "LIBS", libs)
    monkeypatch.setattr(broker, "FORMATTED", libs / "formatted")
    monkeypatch.setattr(broker, "ARCHIVE", libs / "classes.jsa")
    monkeypatch.setattr(subprocess, "run", format_it)
    return formatted


def test_a_storage_is_formatted_once_for_all_stacks(tmp_path: Path, formatted: list[Path]) -> None:
    for name in ("one", "two", "two"):
        broker.prepare(Settings(data_dir=tmp_path / name))
        storage = tmp_path / name / "kafka" / "logs"
        assert (storage / "meta.properties").read_text() == "cluster.id=c"
    assert len(formatted) == 1
    assert [path.name for path in (tmp_path / "libs").iterdir()] == ["formatted"]


@pytest.mark.usefixtures("formatted")
def test_a_storage_that_is_half_made_is_completed(tmp_path: Path) -> None:
    """Before, each start ended with a traceback: the folder was not empty."""
    storage = tmp_path / "kafka" / "logs"
    (storage / "counts-0").mkdir(parents=True)
    (storage / "bootstrap.checkpoint").write_text("em")
    broker.prepare(Settings(data_dir=tmp_path))
    assert (storage / "bootstrap.checkpoint").read_text() == "empty"
    assert {path.name for path in storage.iterdir()} == {
        "bootstrap.checkpoint",
        "counts-0",
        "meta.properties",
    }


def test_libraries_that_are_read_only_are_left_as_they_are(
    tmp_path: Path, formatted: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    broker.prepare(Settings(data_dir=tmp_path / "one"))
    assert (tmp_path / "one" / "kafka" / "logs" / "meta.properties").exists()
    assert len(formatted) == 1
    assert not list((tmp_path / "libs").iterdir())


def test_a_copy_that_cannot_be_kept_says_why(
    tmp_path: Path, formatted: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before, it said that the copy was not found, and not that the disk is full."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OSError, match="full"):
        broker.prepare(Settings(data_dir=tmp_path / "one"))
    assert len(formatted) == 1


@pytest.mark.usefixtures("formatted")
def test_a_storage_whose_mark_a_lost_power_left_empty_is_completed(tmp_path: Path) -> None:
    """Before, Kafka found no version in it, and never started again."""
    storage = tmp_path / "kafka" / "logs"
    storage.mkdir(parents=True)
    (storage / "meta.properties").write_bytes(b"")
    broker.prepare(Settings(data_dir=tmp_path))
    assert (storage / "meta.properties").read_text() == "cluster.id=c"


@pytest.mark.usefixtures("formatted")
def test_a_broker_starts_with_archived_classes_when_there_are_any(tmp_path: Path) -> None:
    option = f"-XX:SharedArchiveFile={broker.ARCHIVE}"
    settings = Settings(data_dir=tmp_path)
    assert option not in broker.prepare(settings)
    broker.ARCHIVE.touch()
    assert option in broker.prepare(settings)


def test_java_reads_the_name_of_a_folder_as_it_is() -> None:
    """Properties are read as Latin-1: another folder was made, and nothing was found in it."""
    text = broker.properties(Settings(), Path("/home/José/kopi ☕ 🍜"))
    assert "log.dirs=/home/Jos\\u00e9/kopi \\u2615 \\ud83c\\udf5c\n" in text
