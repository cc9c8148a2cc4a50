"""Windows diarized apart, in any cut, give the turns of one whole-file pass: real models, real recording."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile as sf

from adapters.settings import Settings
from consumers.cluster.identifying import identify, joined, named
from consumers.voices.listening import Grid, Voices, listen
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
    # Cut at the product's 20 s, and shorter than a window and a chunk of the grid have in common.
    for window_ms in (20_000, 14_000):
        assert windowed(loaded, samples, window_ms) == wanted


def windowed(loaded: Any, samples: "np.ndarray[Any, np.dtype[np.float32]]", window_ms: int) -> list[tuple[int, int]]:
    """Turns of the same audio, heard window by window, joined and clustered by the product."""
    total = -(-len(samples) // 16)
    padded = np.concatenate([samples, np.zeros(total * 16 - len(samples), np.float32)])
    parts = []
    for start in range(0, total, window_ms):
        owned = GRID.owned(start, min(start + window_ms, total), total)
        if owned:
            first, last = owned.start * GRID.step_ms, min((owned.stop - 1) * GRID.step_ms + GRID.chunk_ms, total)
            parts.append(Voices.from_bytes(listen(loaded, padded[first * 16 : last * 16], len(owned)).to_bytes()))
    turns = named(identify(loaded, joined(parts), GRID, None), None)
    return [(t.start_ms, t.end_ms) for t in turns.turns]
