"""Whether all of a backup is there: a copy of it may have broken off, or a disk lost a part."""

import os
from pathlib import Path

from deploy.amounts import amount
from deploy.backup.folder import LENGTH, OFFSET, Folder, Manifest, offsets_beside


def check(folder: Folder, manifest: Manifest) -> None:
    """Raise ValueError that names a part which is not as the manifest says. Looks at each file."""
    records = sum(map(_records, folder.logs()))
    if records != manifest.records:
        raise _damaged(
            folder.path / "log", f"{amount(records, 'record', 'records')} of {manifest.records}"
        )
    for name, size in manifest.tables.items():
        _check_size(folder.table(name), size)
    stored = list(folder.objects())
    if len(stored) != manifest.objects:
        raise _damaged(
            folder.listing, f"{amount(len(stored), 'object', 'objects')} of {manifest.objects}"
        )
    for one in stored:
        if not folder.object(one.key).is_file():
            raise _damaged(folder.object(one.key), "it is not there")


def _records(file: Path) -> int:
    """Return the number of records of a partition."""
    number = 0
    size = file.stat().st_size
    with file.open("rb") as records:
        while head := records.read(LENGTH.size):
            length = int.from_bytes(head) if len(head) == LENGTH.size else size
            if records.seek(length, os.SEEK_CUR) > size:
                raise _damaged(file, "its last record is cut")
            number += 1
    _check_size(offsets_beside(file), number * OFFSET.size)
    return number


def _check_size(file: Path, size: int) -> None:
    found = file.stat().st_size if file.is_file() else 0
    if found != size:
        raise _damaged(file, f"{amount(found, 'byte', 'bytes')} of {size}")


def _damaged(file: Path, why: str) -> ValueError:
    return ValueError(f"{file} is damaged ({why}): copy the backup once more, or take another one")
