"""A new broker begins with a copy of an empty storage, which Kafka formatted once."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from adapters.settings import Settings
from deploy.devstack.kafka import broker


def test_a_storage_is_formatted_once_for_all_stacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    formatted: list[Path] = []

    def format_it(command: Sequence[str], **_: object) -> None:
        config = Path(command[-1]).read_text()
        (logs,) = [line for line in config.splitlines() if line.startswith("log.dirs=")]
        formatted.append(Path(logs.removeprefix("log.dirs=")))
        formatted[-1].mkdir()
        (formatted[-1] / "meta.properties").write_text("cluster.id=c")

    libs = tmp_path / "libs"
    libs.mkdir()
    monkeypatch.setattr(broker, "LIBS", libs)
    monkeypatch.setattr(broker, "FORMATTED", libs / "formatted")
    monkeypatch.setattr(subprocess, "run", format_it)
    for name in ("one", "two", "two"):
        broker.prepare(Settings(data_dir=tmp_path / name))
        storage = tmp_path / name / "kafka" / "logs"
        assert (storage / "meta.properties").read_text() == "cluster.id=c"
    assert len(formatted) == 1
    assert [path.name for path in libs.iterdir()] == ["formatted"]
