"""Libraries with models report to nobody: not about the machine, nor about what it works on."""

import os
import subprocess
import sys
from pathlib import Path

FONTS = Path(".cache/matplotlib")
"""The machine's fonts: a library of pyannote looks for them when it is imported."""
WORK = """
from pathlib import Path

from adapters.settings import Settings
from deploy.benchmark.in_process import Stages, read

Stages(Settings()).run(read(Path("tests/recordings/kopitiam_2spk.flac"))[:160_000])
"""


def test_work_of_the_models_leaves_nothing_behind(tmp_path: Path) -> None:
    """An id of the device and its reports were kept in the home of whoever ran a worker.

    The child has none of the settings by which a machine that tests turns reports off.
    """
    home = tmp_path / "home"
    home.mkdir()
    environment = {"HOME": str(home), "PATH": os.environ["PATH"], "PYTHONPATH": str(Path.cwd())}
    subprocess.run([sys.executable, "-c", WORK], env=environment, check=True, capture_output=True)
    assert [path for path in _files(home) if not path.is_relative_to(FONTS)] == []


def _files(home: Path) -> list[Path]:
    return [path.relative_to(home) for path in home.rglob("*") if path.is_file()]
