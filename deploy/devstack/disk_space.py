"""The disk that an installation and a stack need, and whether it is free.

`python3.11 -m deploy.devstack.disk_space` asks before anything is installed: so it imports the
standard library alone.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

MB = 10**6
LIBRARIES_MB = 7_000
SERVERS_MB = 300
GO_MODULES_MB = 400
GO_BUILDS_MB = 500
STACK_MB = 600
"""A stack that has just come up. It does not start with less."""
CLONE = Path()
Number = Callable[[Path], int]


@dataclass(frozen=True)
class Wanted:
    """So much is to be written below `place`, which need not be there yet."""

    what: str
    place: Path
    megabytes: int


@dataclass(frozen=True)
class Shortage:
    """One disk, and all that it has to hold and has no space for. Its text is for people."""

    wanted: tuple[Wanted, ...]
    free_mb: int

    @property
    def needed(self) -> str:
        """All of it, for people."""
        return gigabytes(self._needed_mb())

    def __str__(self) -> str:
        """How much is needed, where, for what, and how much is free."""
        parts = [f"{one.what}: {gigabytes(one.megabytes)} in {one.place}" for one in self.wanted]
        return (
            f"free {gigabytes(self._needed_mb() - self.free_mb)} on the disk of these: "
            f"{'; '.join(parts)}. {gigabytes(self.free_mb)} are free"
        )

    def _needed_mb(self) -> int:
        return sum(one.megabytes for one in self.wanted)


def gigabytes(megabytes: int) -> str:
    """For people. Rounded up: a disk with exactly so much is enough."""
    return f"{-(-megabytes // 100) / 10} GB"


def of_installation(clone: Path, *, has_servers: bool) -> Iterator[Wanted]:
    """All that `make install` writes: into the clone, and into the caches of its tools."""
    clone = clone.resolve()
    if not (clone / ".venv" / ".installed").exists():
        yield from _libraries(clone / ".venv")
    if has_servers:
        return
    yield Wanted("servers and weights", clone / ".local", SERVERS_MB)
    go = Path(os.environ.get("GOPATH", "").split(os.pathsep)[0] or Path.home() / "go")
    modules, builds = _named("GOMODCACHE", go / "pkg" / "mod"), _named("GOCACHE", "go-build")
    yield Wanted("Go's modules", modules, GO_MODULES_MB)
    yield Wanted("what Go builds", builds, GO_BUILDS_MB)


def of_stack(data_dir: Path) -> Wanted:
    """All that a stack writes while it comes up."""
    return Wanted("the stack's data", data_dir.resolve(), STACK_MB)


def _libraries(venv: Path) -> Iterator[Wanted]:
    """The environment is links into the cache of uv, unless that is on another disk.

    A cache is taken to hold libraries of ours: a second clone needs none of them again.
    """
    cache = _named("UV_CACHE_DIR", "uv")
    if disk_of(cache) == disk_of(venv):
        here = max(_size_mb(venv), _size_mb(cache))
        yield Wanted("Python's libraries", venv, LIBRARIES_MB - here)
        return
    yield Wanted("Python's libraries", venv, LIBRARIES_MB - _size_mb(venv))
    yield Wanted("uv's cache", cache, LIBRARIES_MB - _size_mb(cache))


def shortages(
    wanted: Iterable[Wanted], free_mb: Number | None = None, disk: Number | None = None
) -> list[Shortage]:
    """Each disk that is too small for all that it has to hold. Blocks for a moment."""
    disks: dict[int, list[Wanted]] = {}
    for one in wanted:
        disks.setdefault((disk or disk_of)(one.place), []).append(one)
    found: list[Shortage] = []
    for parts in disks.values():
        free = (free_mb or free_mb_of)(parts[0].place)
        if free < sum(one.megabytes for one in parts):
            found.append(Shortage(tuple(parts), free))
    return found


def disk_of(place: Path) -> int:
    """The number of the disk that holds a place, or will hold it."""
    return existing(place).stat().st_dev


def free_mb_of(place: Path) -> int:
    """Free megabytes there, for people who are not root."""
    return shutil.disk_usage(existing(place)).free // MB


def existing(place: Path) -> Path:
    """The place, or the folder of it that is there."""
    place = place.absolute()
    return next(one for one in (place, *place.parents) if _is_there(one))


def _is_there(place: Path) -> bool:
    """Not for somebody who may not look."""
    try:
        return place.exists()
    except OSError:
        return False


def _named(variable: str, otherwise: str | Path) -> Path:
    """The folder that a variable names, or another one, which is a cache unless it is a path."""
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get(variable) or Path(caches, otherwise))


def _size_mb(folder: Path) -> int:
    """The size of a folder, or LIBRARIES_MB where it has more. Others may write in it meanwhile."""
    bytes_ = 0
    for parent, _, names in os.walk(folder):
        bytes_ += sum(_size(Path(parent, name)) for name in names)
        if bytes_ >= LIBRARIES_MB * MB:
            return LIBRARIES_MB
    return bytes_ // MB


def _size(file: Path) -> int:
    try:
        return file.lstat().st_size
    except OSError:
        return 0


def main() -> int:
    """Return 0, or 1 after a line for each disk that is too small for the installation."""
    found = shortages(of_installation(CLONE, has_servers=(CLONE / ".local" / "bin").exists()))
    for one in found:
        sys.stderr.write(f"the disk is too small: {one}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
