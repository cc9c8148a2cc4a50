"""Windows diarized apart, in any cut, give the turns of one whole-file pass: real models, real recording."""

from pathlib import Path
from typing import Any

import pytest
import soundfile as sf

from adapters.settings import Settings
from consumers.audio.decoder import Samples
from consumers.cluster.identifying import identify, joined, named
from consumers.voices.listening import Grid
from deploy.benchmark.stages import voices
from tests import whole_file

GRID = Grid(chunk_ms=10_000, step_ms=2_000)


@pytest.fixture(scope="module")
def loaded() -> Any:
    return whole_file.load(Settings())


@pytest.mark.parametrize("path", sorted(Path("tests/recordings").glob("*.flac")), ids=lambda path: path.stem)
def test_same_turns(loaded: Any, path: Path) -> None:
    wanted = whole_file.turns(loaded, path)
    samples, _ = sf.read(path, dtype="float32")
    assert len(wanted) > 5
    # As the product cuts, longer, and shorter than a chunk of the grid.
    for window_ms in (20_000, 15_000, 7_000):
        assert windowed(loaded, samples, window_ms) == wanted


def windowed(loaded: Any, samples: Samples, window_ms: int) -> list[tuple[int, int]]:
    """Turns of the same audio, heard window by window, joined and clustered by the product."""
    turns = named(identify(loaded, joined(voices(loaded, GRID, samples, window_ms)), GRID, None), None)
    return [(t.start_ms, t.end_ms) for t in turns.turns]
