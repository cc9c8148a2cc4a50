"""Long talk made of the recordings of a folder, one after the other, over and over."""

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import numpy as np

from adapters.media import Pcm, encode_flac
from deploy.benchmark.in_process import pcm
from deploy.benchmark.speech import recordings
from schemas.audio import SAMPLE_RATE


def over_and_over(folder: Path) -> Iterator[tuple[Path, Pcm]]:
    """Yield each recording and its samples (16 kHz mono), without end. Each file is read once."""
    return cycle([(path, pcm(path)) for path in recordings(folder)])


def joined(parts: Iterator[Pcm], length_s: float) -> Pcm:
    """Return the first `length_s` of `parts`, joined. Takes no more of them than it needs."""
    wanted = int(length_s * SAMPLE_RATE)
    taken = list[Pcm]()
    length = 0
    for part in parts:
        taken.append(part)
        length += len(part)
        if length >= wanted:
            break
    return np.concatenate(taken)[:wanted]


def written(path: Path, samples: Pcm) -> Path:
    """Write `samples` as a FLAC file and return its path."""
    path.write_bytes(encode_flac(samples))
    return path


def dialogue(folder: Path, length_s: float, place: Path) -> Path:
    """Write a file of `length_s` in `place` and return its path."""
    speech = (samples for _, samples in over_and_over(folder))
    return written(place / f"{length_s:.0f}.flac", joined(speech, length_s))
