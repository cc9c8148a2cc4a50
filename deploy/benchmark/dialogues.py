"""Long talk made of the recordings of a folder, one after the other, over and over."""

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import numpy as np

from adapters import media
from adapters.media import Pcm
from deploy.benchmark.speech import recordings
from deploy.benchmark.stages import pcm
from schemas.audio import SAMPLE_RATE


def over_and_over(folder: Path) -> Iterator[tuple[Path, Pcm]]:
    """Each recording and its samples (16 kHz mono), without end; each file is read once."""
    return cycle([(path, pcm(path)) for path in recordings(folder)])


def until(parts: Iterator[Pcm], length_s: float) -> Pcm:
    """`parts` joined, as many as `length_s` takes and no longer than that."""
    wanted, kept, length = int(length_s * SAMPLE_RATE), list[Pcm](), 0
    for part in parts:
        kept.append(part)
        length += len(part)
        if length >= wanted:
            break
    return np.concatenate(kept)[:wanted]


def written(path: Path, samples: Pcm) -> Path:
    """A FLAC file of them."""
    path.write_bytes(media.encode_flac(samples, SAMPLE_RATE))
    return path


def dialogue(folder: Path, length_s: float, place: Path) -> Path:
    """A file of that length in `place`."""
    return written(
        place / f"{length_s:.0f}.flac",
        until((samples for _, samples in over_and_over(folder)), length_s),
    )
