"""Gateway, streams and api start without torch, pyannote, faster-whisper, PyAV or chDB."""

import subprocess
import sys

import pytest

HEAVY = ("torch", "torchaudio", "pyannote", "faster_whisper", "ctranslate2", "av", "chdb")
BLOCKED = f"import sys; [sys.modules.__setitem__(name, None) for name in {HEAVY}]"


@pytest.mark.parametrize(
    "module",
    [
        "producers.gateway.main",
        "streams.main",
        "api.main",
        "consumers.sink.main",
        "consumers.rollup.main",
        "consumers.voices.pyannote_models",  # it prepares the imports, so it must not make them
    ],
)
def test_starts_without_the_heavy_libraries(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"{BLOCKED}; import {module}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
