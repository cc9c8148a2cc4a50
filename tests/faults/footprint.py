"""Memory, threads and open files of processes, watched over a long time."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median

from deploy.meanwhile import meanwhile

EVERY_S = 5.0
LEAST = 120
"""Samples of a process that lived long enough to be judged: ten minutes."""
MB_MORE = 64.0
PART_MORE = 0.15
FILES_MORE = 16
LIBRARY_THREADS_MORE = 16
OWN_THREADS_MORE = 40
"""A pool begins a thread when all others are busy, and keeps it. This is the largest pool: AnyIO's,
in which the routes of the gateway wait for a fold. Those of `streams` have 22 on two cores."""
BOUNDED = ".txnindex"
"""Kafka opens such a file when the first transaction of a partition is aborted, and keeps it open.

The kills of a soak abort many. So their number grows up to that of the partitions.
"""
CODE = re.compile(r"\.so(\.|$)|\.debug$")
"""Libraries and their symbols. ClickHouse opens those of its program once, to tell where the first
error was, and keeps them open: seventy files."""
OF_A_THREAD = 2
"""Ends of the pipe that a thread of librdkafka has. Threads count."""
OF_THREADS = Path("/proc")
"""ClickHouse keeps three files here open for each thread that ever ran a query. Threads count."""
OWN_MEMORY = ("RssAnon:", "RssShmem:")
"""Lines of the kernel about memory that no file of a disk stands behind.

The code of ClickHouse is 400 MB on disk, and the part that was ever needed grows for an hour.
"""
Pids = Callable[[], Mapping[str, int]]
KeptMb = Callable[[str], float]
"""Megabytes that a process of this name has freed and keeps for its next work."""


@dataclass(frozen=True)
class Footprint:
    """A process at one moment.

    `mb` is its OWN_MEMORY. `files` are all that it has open but the BOUNDED ones, CODE, and those
    OF_THREADS. `library_threads` have a name that a library gave them, as librdkafka does.
    `own_threads` have that of the process, as all of Python have.
    """

    mb: float
    files: int
    library_threads: int
    own_threads: int

    @property
    def threads(self) -> int:
        """All threads."""
        return self.library_threads + self.own_threads


def footprint(pid: int) -> Footprint:
    """Return what the process holds now. Raises OSError when it is gone."""
    process = Path(f"/proc/{pid}")
    names = list(_thread_names(process))
    own = names.count((process / "comm").read_text())
    return Footprint(
        mb=_own_mb(process / "status"),
        files=_open_files(process / "fd"),
        library_threads=len(names) - own,
        own_threads=own,
    )


def _thread_names(process: Path) -> Iterator[str]:
    for thread in (process / "task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # ended since the folder was read
            yield (thread / "comm").read_text()


def _own_mb(status: Path) -> float:
    lines = [line.split() for line in status.read_text().splitlines()]
    return sum(int(line[1]) for line in lines if line and line[0] in OWN_MEMORY) / 1000


def _open_files(folder: Path) -> int:
    files = 0
    for link in folder.iterdir():
        with suppress(FileNotFoundError):  # closed since the folder was read
            file = link.readlink()
            is_bounded = file.name.endswith(BOUNDED) or CODE.search(file.name)
            files += not is_bounded and OF_THREADS not in file.parents
    return files


@dataclass
class Footprints:
    """Samples of all processes, one after the other."""

    pids: Pids
    kept_mb: KeptMb
    samples: dict[tuple[str, int], list[Footprint]] = field(
        default_factory=lambda: defaultdict(list)
    )

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Take samples of all processes while the block runs."""
        with meanwhile(self._look, EVERY_S):
            yield

    def _look(self) -> None:
        for name, pid in self.pids().items():
            with suppress(OSError):
                self.samples[name, pid].append(self.sample(name, pid))

    def sample(self, name: str, pid: int) -> Footprint:
        """Return what it holds now and does not keep free. Raises OSError when it is gone."""
        whole = footprint(pid)
        return replace(whole, mb=whole.mb - self.kept_mb(name))

    def grown(self) -> list[str]:
        """Sentences about processes that hold clearly more at the end than half-way."""
        return [f"{name}: {what}" for name, samples in self._long() for what in _grown(samples)]

    def in_words(self) -> list[str]:
        """Sentences about every process that lived long enough to be judged."""
        return [f"{name}: {_in_words(samples)}" for name, samples in self._long()]

    def _long(self) -> Iterator[tuple[str, Sequence[Footprint]]]:
        for (name, _), samples in sorted(self.samples.items()):
            if len(samples) >= LEAST:
                yield name, samples


def _quarters(samples: Sequence[Footprint]) -> tuple[Footprint, Footprint]:
    """The middle of the second quarter, and of the last one: the first one fills caches."""
    quarter = len(samples) // 4
    return _middle(samples[quarter : 2 * quarter]), _middle(samples[-quarter:])


def _middle(samples: Sequence[Footprint]) -> Footprint:
    return Footprint(
        mb=median(one.mb for one in samples),
        files=round(median(one.files for one in samples)),
        library_threads=round(median(one.library_threads for one in samples)),
        own_threads=round(median(one.own_threads for one in samples)),
    )


def _grown(samples: Sequence[Footprint]) -> list[str]:
    before, after = _quarters(samples)
    found = []
    if after.mb - before.mb > max(MB_MORE, PART_MORE * before.mb):
        found.append(f"memory grew from {before.mb:.0f} to {after.mb:.0f} MB")
    of_threads = OF_A_THREAD * max(0, after.threads - before.threads)
    if after.files - before.files - of_threads > FILES_MORE:
        found.append(f"open files grew from {before.files} to {after.files}")
    if after.library_threads - before.library_threads > LIBRARY_THREADS_MORE:
        of_libraries = f"{before.library_threads} to {after.library_threads}"
        found.append(f"threads of libraries grew from {of_libraries}")
    if after.own_threads - before.own_threads > OWN_THREADS_MORE:
        found.append(f"threads grew from {before.own_threads} to {after.own_threads}")
    return found


def _in_words(samples: Sequence[Footprint]) -> str:
    before, after = _quarters(samples)
    minutes = len(samples) * EVERY_S / 60
    return (
        f"{minutes:.0f} minutes, {before.mb:.0f} to {after.mb:.0f} MB, "
        f"{before.files} to {after.files} files, "
        f"{before.own_threads} to {after.own_threads} threads of its own, "
        f"{before.library_threads} to {after.library_threads} of libraries"
    )
