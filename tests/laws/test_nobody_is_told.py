"""A process with models reports to nobody, and loads nothing that trains them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from consumers.voices.training_left_out import LEFT_OUT, MISSED_BY_NOBODY

WORK = """
import sys
from pathlib import Path

from adapters.settings import Settings
from deploy.benchmark.in_process import Stages, read

Stages(Settings()).run(read(Path("tests/recordings/kopitiam_2spk.flac"))[:160_000])
print(*sys.modules)
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the home of whoever runs the worker."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def loaded(home: Path) -> list[str]:
    """Return the modules of a process that did the work of all models.

    It has none of the settings by which a machine that tests turns reports off.
    """
    environment = {"HOME": str(home), "PATH": os.environ["PATH"], "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(
        [sys.executable, "-c", WORK], env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout.split()


@pytest.mark.usefixtures("loaded")
def test_work_of_the_models_leaves_nothing_behind(home: Path) -> None:
    """An id of the device and its reports were kept in the home of whoever ran a worker."""
    assert [path for path in home.rglob("*") if path.is_file()] == []


def test_the_models_work_without_what_trains_measures_and_draws(loaded: list[str]) -> None:
    assert "pyannote.audio" in loaded
    left_out = {f"{package}." for package in (*LEFT_OUT, *MISSED_BY_NOBODY)}
    assert [name for name in loaded if any(f"{name}.".startswith(each) for each in left_out)] == []
