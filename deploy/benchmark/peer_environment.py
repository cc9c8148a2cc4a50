"""The environment of a peer: made for a benchmark, under `.local`, and part of nothing else."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

QUIXSTREAMS = "3.28.1"
FOLDER = Path(".local") / f"quixstreams-{QUIXSTREAMS}"


def quixstreams() -> Path:
    """Return a Python interpreter that has quixstreams, and msgspec as it is here.

    Blocks for about a minute at the first call, which asks the package index.
    """
    python = (FOLDER / "bin" / "python").absolute()
    made = FOLDER / "made"
    if made.exists():
        return python
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(FOLDER)], check=True)
    wanted = [f"quixstreams=={QUIXSTREAMS}", f"msgspec=={version('msgspec')}"]
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", *wanted], check=True)
    made.touch()
    return python
