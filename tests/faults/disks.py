"""Disks of the servers that can be filled: small file systems in memory, where root may mount."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

SERVERS = ("kafka", "s3", "clickhouse")
ROOM = 8 << 30
"""Bytes of a disk. Memory is taken as they are written: 29 phones filled 1 GiB in 53 minutes."""
SLACK = 1 << 20
"""Bytes that are left when a disk becomes small, for what is written meanwhile."""
BLOCK = b"\0" * 4096


@contextmanager
def small_disks(data_dir: Path) -> Iterator[dict[str, Path]]:
    """Yield the folders of the servers' data by their names; none where nobody may mount."""
    with ExitStack() as mounted:
        disks = {}
        for server in SERVERS if os.geteuid() == 0 else ():
            folder = data_dir / server
            folder.mkdir(parents=True)
            if not _mounted(folder, f"size={ROOM}"):
                break
            mounted.callback(subprocess.run, ["umount", "-l", str(folder)], check=False)
            disks[server] = folder
        yield disks


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """Nothing more fits on the disk while the block runs.

    It becomes as small as what is on it, and a file takes the rest. Raises OSError when it cannot.
    """
    filler = disk / "filler"
    used = shutil.disk_usage(disk).used
    _resized(disk, used + SLACK)
    try:
        with suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(BLOCK)
        yield
    finally:
        _resized(disk, ROOM)
        filler.unlink()


def is_full(disk: Path) -> bool:
    """Whether less than a hundredth of the disk is left."""
    usage = shutil.disk_usage(disk)
    return usage.free * 100 < usage.total


def _resized(disk: Path, size: int) -> None:
    if not _mounted(disk, f"remount,size={size}"):
        raise OSError(f"{disk} cannot have {size} bytes")


def _mounted(folder: Path, options: str) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", options, "none", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
