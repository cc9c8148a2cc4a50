"""Files and folders that only their owner reads. Files are whole whenever they are there."""

import os
from pathlib import Path
from stat import S_IMODE

PRIVATE_FOLDER = 0o700


def write_private(path: Path, body: bytes) -> None:
    """Replace the file by these bytes. They are on the disk when it has its name.

    A machine that loses its power in the middle leaves the former file, or none.
    """
    part = path.with_name(f"{path.name}.part")
    descriptor = os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(body)
        out.flush()
        os.fsync(out.fileno())
    part.replace(path)


def is_written(path: Path) -> bool:
    """Return whether the file is there and has bytes. A lost power may leave one without any."""
    return path.is_file() and path.stat().st_size > 0


def make_private(folder: Path) -> None:
    """Make the folder its owner's alone, also one that is there. Raises OSError when it cannot be.

    Nobody else reaches anything in it then, whatever the modes of its files.
    """
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    if S_IMODE(folder.stat().st_mode) != PRIVATE_FOLDER:
        folder.chmod(PRIVATE_FOLDER)
