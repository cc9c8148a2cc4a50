"""Takes a backup beside live traffic. Blocking; changes nothing.

The order makes the parts fit: each part may know more than the parts before it, never less.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import msgspec

from adapters.kafka.ends import Place, places_of
from adapters.kafka.partition_log import PartitionLog
from adapters.objects.s3 import S3BlobStore
from adapters.process.clock import unix_ms
from adapters.settings import Settings
from adapters.warehouse import Warehouse
from deploy.audit.pace import Pace
from deploy.backup import contents
from deploy.backup.folder import Folder, Group, Manifest, Stored
from schemas.erasure import TABLES
from schemas.object_kinds import kind_of
from schemas.rejections import Rejected
from schemas.topics import DIRECTORY, INBOUND

VERSION = 1
Progress = Callable[[str], None]
"""Gets the name of each part as it begins."""


def backup(settings: Settings, path: Path, progress: Progress) -> Manifest:
    """Write everything that must be kept into `path`, which must be empty or new.

    Raises FileExistsError when it is not, and TransientError when a server is away. A folder
    without a manifest is no backup.
    """
    folder = Folder(path)
    folder.begin()
    taken_at_ms = unix_ms()
    with closing(PartitionLog(settings.kafka, "backup")) as log:
        groups = _offsets(log)
        progress("rows")
        tables = _tables(settings, folder)
        # The state of a fold before its outputs: after a restore it says again what is missing.
        progress("tables of folds")
        records = _records(log, folder, contents.changelogs())
        progress("log")
        records += _records(log, folder, contents.topics())
    # An object is written before the event that names it.
    progress("objects")
    manifest = Manifest(
        version=VERSION,
        taken_at_ms=taken_at_ms,
        groups=groups,
        records=records,
        tables=tables,
        objects=_objects(S3BlobStore(settings), folder, _sessions(folder)),
    )
    folder.finish(manifest)
    return manifest


def _offsets(log: PartitionLog) -> tuple[Group, ...]:
    found: list[Group] = []
    for name in contents.groups():
        for (topic, partition), offset in sorted(log.passed(name).items()):
            found.append(Group(name, topic, partition, offset))
    return tuple(found)


def _tables(settings: Settings, folder: Folder) -> dict[str, int]:
    """Write the rows of every table. Return the bytes of each."""
    written: dict[str, int] = {}
    with closing(Warehouse(settings, threads=1)) as warehouse:
        for name in TABLES:
            file = folder.table(name)
            file.parent.mkdir(exist_ok=True)
            with file.open("wb") as rows:
                rows.writelines(warehouse.dump(contents.select(name)))
            written[name] = file.stat().st_size
    return written


def _records(log: PartitionLog, folder: Folder, places: Sequence[Place]) -> int:
    """Write the records of these partitions, one topic after the other. Return how many."""
    sizes = log.sizes(places)
    with_records = [place for place in places if sizes[place]]
    by_topic: defaultdict[str, list[Place]] = defaultdict(list)
    for topic, partition in sorted(with_records):
        by_topic[topic].append((topic, partition))
    written = 0
    for of_topic in by_topic.values():
        written += folder.write_records(log.copies(of_topic))
    return written


def _sessions(folder: Folder) -> set[bytes]:
    """The ids of the sessions that the kept log knows, as its keys have them."""
    sessions: set[bytes] = set()
    for place in places_of([INBOUND, DIRECTORY]):
        for record in folder.records(place):
            if record.key is not None:
                sessions.add(record.key)
    return sessions


def _is_kept(key: str, sessions: set[bytes]) -> bool:
    """Whether an object is of no session, or of one that the kept log knows."""
    kind = kind_of(key)
    if kind is None or not kind.goes_with_session:
        return True
    _, session_id, *_ = key.split("/")
    return session_id.encode() in sessions


def _objects(blobs: S3BlobStore, folder: Folder, sessions: set[bytes]) -> int:
    """Write the objects. Return how many.

    Those of sessions that began after the log was read would belong to nobody: they are left out,
    and so is one that is erased meanwhile.
    """
    pace = Pace()
    number = 0
    with folder.listing.open("wb") as listing:
        for key in blobs.all_keys():
            if not _is_kept(key, sessions):
                continue
            pace.wait()
            stored = _object(blobs, folder, key)
            if stored is not None:
                listing.write(msgspec.json.encode(stored) + b"\n")
                number += 1
    return number


def _object(blobs: S3BlobStore, folder: Folder, key: str) -> Stored | None:
    """Write the bytes of one object. Return its line of the list; None when it is gone."""
    try:
        body, content_type = blobs.whole(key)
    except Rejected:
        return None
    file = folder.object(key)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(body)
    sha256 = hashlib.sha256(body).hexdigest()
    return Stored(key, content_type, sha256)
