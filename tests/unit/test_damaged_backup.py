"""A backup of which a part is missing is refused before anything is stopped or written."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from adapters.kafka.partition_log import Copied
from adapters.process.clock import unix_ms
from adapters.settings import Settings
from deploy.backup.backup import VERSION
from deploy.backup.folder import Folder, Manifest, Stored
from deploy.backup.restore import restore
from schemas.codec import encode

PLACES = [("session.inbound.v1", 0), ("session.inbound.v1", 1)]
KEY = "audio/a/000000-b"
STORED = Stored(KEY, "audio/flac", "b")


def backup(path: Path) -> Folder:
    folder = Folder(path)
    records = [(place, Copied(n, 7, b"key", b"value", {})) for place in PLACES for n in range(3)]
    written = folder.write_records(records)
    for file, body in ((folder.table("groups"), b"rows"), (folder.object(KEY), b"sound")):
        file.parent.mkdir(parents=True)
        file.write_bytes(body)
    folder.listing.write_bytes(encode(STORED) + b"\n")
    manifest = Manifest(
        version=VERSION,
        taken_at_ms=unix_ms(),
        groups=(),
        records=written,
        tables={"groups": len(b"rows")},
        objects=1,
    )
    folder.finish(manifest)
    return folder


def stopped() -> AbstractContextManager[None]:
    raise RuntimeError("the stages are stopped")


def restored(folder: Folder) -> None:
    restore(Settings(), folder.path, print, None, stopped)


def cut(name: str) -> Callable[[Path], object]:
    def work(path: Path) -> None:
        body = (path / name).read_bytes()
        (path / name).write_bytes(body[:-1])

    return work


def gone(*names: str) -> Callable[[Path], object]:
    def work(path: Path) -> None:
        for name in names:
            (path / name).unlink()

    return work


LOG = "log/session.inbound.v1/1"
DAMAGES: dict[str, Callable[[Path], object]] = {
    "a record is cut": cut(LOG),
    "a partition is missing": gone(LOG, f"{LOG}.offsets"),
    "offsets are missing": gone(f"{LOG}.offsets"),
    "an offset is cut": cut(f"{LOG}.offsets"),
    "a table is cut": cut("warehouse/groups"),
    "a table is missing": gone("warehouse/groups"),
    "an object is missing": gone(f"objects/{KEY}"),
    "the list of objects is empty": lambda path: (path / "objects.jsonl").write_bytes(b""),
    "the list of objects is cut": lambda path: (path / "objects.jsonl").write_bytes(b'{"key": "'),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_backup_that_is_not_whole_is_refused(damage: str, tmp_path: Path) -> None:
    """Before, the stages were stopped, and all records that were left were said to be all."""
    folder = backup(tmp_path)
    DAMAGES[damage](tmp_path)
    with pytest.raises(ValueError, match="is damaged"):
        restored(folder)


def test_a_whole_one_is_not(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="stopped"):
        restored(backup(tmp_path))
