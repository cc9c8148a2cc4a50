"""Installed packages have the pinned versions."""

from pathlib import Path

import pytest

from deploy.devstack.install import tools


def test_a_jar_that_is_not_the_pinned_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def copies(command: list[str], folder: Path) -> None:
        part = Path(command[-1].partition("=")[2])
        part.mkdir(parents=True)
        for line in (folder / "libs.sha256").read_text().splitlines():
            (part / line.split()[1]).write_bytes(b"something else")

    monkeypatch.setattr(tools, "_run", copies)
    with pytest.raises(RuntimeError, match=r"kafka-clients.*not the bytes"):
        tools.install_kafka(tmp_path)
    assert not tools.kafka_installed(tmp_path)
