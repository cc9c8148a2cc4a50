"""The recordings of folders, and runs over many of them in several processes."""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import TypeVar

import msgspec

from adapters.settings import Settings
from schemas.codec import NO_EVENT

Job = TypeVar("Job")
Done = TypeVar("Done")
Truth = TypeVar("Truth")


def recordings_with(
    folders: Sequence[Path], is_known: Callable[[Path], bool], lack: str
) -> list[Path]:
    """Return each NAME.flac of the folders of which enough is known, by folder and name.

    Raises ValueError, which names the folders and what they lack, when there is none.
    """
    paths = [path for folder in folders for path in sorted(folder.glob("*.flac"))]
    found = [path for path in paths if is_known(path)]
    if not found:
        raise ValueError(f"{', '.join(map(str, folders))}: {lack}")
    return found


def truth_beside(audio: Path, kind: type[Truth]) -> Truth:
    """Return what NAME.json beside a recording says.

    Raises ValueError, which names the file, when it says nothing of this kind.
    """
    path = audio.with_suffix(".json")
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except NO_EVENT as error:
        raise ValueError(f"{path}: {error}") from None


def leads_s(offsets: int) -> list[float]:
    """Return seconds of silence to put before a recording, so that its windows are cut elsewhere.

    Offset n of N is n/N of a window.
    """
    window_s = Settings().window_ms / 1000
    return [n * window_s / offsets for n in range(offsets)]


def run_all(work: Callable[[Job], Done], jobs: Iterable[Job], workers: int) -> Iterator[Done]:
    """Yield the result of each job as it ends. Blocking; each process loads its own models."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawn) as pool:
        for done in as_completed([pool.submit(work, job) for job in jobs]):
            yield done.result()
