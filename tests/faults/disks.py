"""Disks of the servers that can be filled: small file systems in memory, where root may mount."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

SIZES = {"kafka": "1500m", "s3": "1g", "clickhouse": "1500m"}
"""Room for an hour of talk."""
BLOCK = b"\0" * 4096


@contextmanager
def small_disks(data_dir: Path) -> Iterator[dict[str, Path]]:
    """Yield the folders of the servers' data by their names; none where nobody may mount."""
    with ExitStack() as mounted:
        disks = {}
        for server, size in SIZES.items() if os.geteuid() == 0 else ():
            folder = data_dir / server
            folder.mkdir(parents=True)
            command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)]
            if subprocess.run(command, capture_output=True, check=False).returncode:
                break
            mounted.callback(subprocess.run, ["umount", "-l", str(folder)], check=False)
            disks[server] = folder
        yield disks


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """Nothing more fits on the disk while the block runs."""
    filler = disk / "filler"
    try:
        with suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(BLOCK)
        yield
    finally:
        filler.unlink()
