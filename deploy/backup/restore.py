"""Brings a backup into an empty stack whose stages do not run. Blocking.

Records get new places in the log. The offsets of groups follow, and versions of rows that end with
a place (`deploy.backup.contents`). A dead letter, its event and its row stay as they are: they name
one place, that of the log of before.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from functools import partial
from pathlib import Path

from adapters.erasure.record import ErasureRecord
from adapters.kafka.ends import Place
from adapters.kafka.group_admin import GroupAdmin
from adapters.kafka.partition_log import Copied, PartitionLog
from adapters.kafka.publisher import KafkaPublisher, Outgoing, publish_events
from adapters.objects.s3 import S3BlobStore
from adapters.process.clock import unix_ms
from adapters.process.retry import retry_transient
from adapters.settings import Settings
from adapters.warehouse import Number, Warehouse
from deploy.amounts import amount
from deploy.backup import contents
from deploy.backup.backup import VERSION, Progress
from deploy.backup.erased_since import erase_again, owners_in
from deploy.backup.folder import Folder, Manifest
from deploy.backup.wholeness import check
from deploy.batches import batches
from deploy.waiting import until
from schemas.erasure import TABLES
from schemas.limits import DAY_MS
from schemas.object_kinds import Owner, kind_of
from schemas.retention import MARKS_MS

LEAVING_S = 20.0
AT_ONCE = 1_000
"""Records of one publish."""
SESSIONS = "SELECT count() AS n FROM sessions"


class NotEmptyError(ValueError):
    """The stack has data, or runs: a restore would mix two lives."""


def restore(
    settings: Settings,
    path: Path,
    progress: Progress,
    erasures: Path | None = None,
    paused: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Manifest:
    """Write the backup in `path` into the servers, which `deploy.prepare` made ready.

    The record in `erasures` says what is erased again; None when nobody erased anything. `paused`
    stops the stages meanwhile; it is not asked for what is no backup. Raises FileNotFoundError for
    a folder without a manifest or without a record, NotEmptyError, and TransientError when a server
    is away. One that broke off is repeated on servers that are empty again.
    """
    folder = Folder(path)
    manifest = _checked(path, folder, erasures)
    with paused():
        _write(settings, folder, manifest, progress, erasures)
    return manifest


def _write(
    settings: Settings,
    folder: Folder,
    manifest: Manifest,
    progress: Progress,
    erasures: Path | None,
) -> None:
    groups = GroupAdmin(settings.kafka)
    _check_empty(settings, groups)
    progress("objects")
    _objects(S3BlobStore(settings), folder)
    progress("rows")
    _tables(settings, folder)
    progress("log")
    _log(settings, folder)
    if erasures is not None:
        progress("erasures")
        _erase_again(settings, ErasureRecord(erasures), folder, manifest)
    # Last: a stage that started before would find offsets beyond the end of its log.
    progress("offsets")
    for name in contents.groups():
        groups.move(name, _offsets(folder, manifest, name))


def _checked(path: Path, folder: Folder, erasures: Path | None) -> Manifest:
    """The manifest of a backup that can be restored. Raises as `restore` does."""
    if erasures is not None and not erasures.is_dir():
        raise FileNotFoundError(
            f"{erasures} is not there: name the folder of LAHSTATS_ERASURES_DIR"
        )
    manifest = folder.manifest()
    if manifest.version != VERSION:
        raise ValueError(f"{path} is a backup of version {manifest.version}, not {VERSION}")
    if erasures is not None and unix_ms() - manifest.taken_at_ms > MARKS_MS:
        raise ValueError(f"{path} is too old: erasures are recorded for {MARKS_MS // DAY_MS} days")
    check(folder, manifest)
    return manifest


def _log(settings: Settings, folder: Folder) -> None:
    with closing(KafkaPublisher(settings.kafka)) as publisher:
        for place in _places():
            for records in batches(folder.records(place), AT_ONCE):
                messages = [_outgoing(place, record) for record in records]
                publisher.publish(messages)


def _places() -> list[Place]:
    """All partitions, those of the tables of the folds first."""
    return [*contents.changelogs(), *contents.topics()]


def _erase_again(
    settings: Settings, record: ErasureRecord, folder: Folder, manifest: Manifest
) -> None:
    with (
        closing(Warehouse(settings)) as warehouse,
        closing(KafkaPublisher(settings.kafka)) as publisher,
    ):
        publish = partial(publish_events, publisher)
        blobs = S3BlobStore(settings)
        owners = owners_in(folder)
        erase_again(record, manifest.taken_at_ms, blobs, warehouse, publish, owners)


def _check_empty(settings: Settings, groups: GroupAdmin) -> None:
    """Raises NotEmptyError when a stage runs, or a server has data."""
    _check_stopped(groups)
    _check_log(settings)
    _check_warehouse(settings)
    _check_bucket(settings)


def _check_stopped(groups: GroupAdmin) -> None:
    def none_runs() -> bool:
        return not _running(groups)

    try:
        # A member that was killed stays one until its session is over.
        until(none_runs, bool, LEAVING_S, 1.0)
    except TimeoutError:
        names = ", ".join(_running(groups))
        raise NotEmptyError(f"stages run ({names}): stop them first") from None


def _check_log(settings: Settings) -> None:
    with closing(PartitionLog(settings.kafka, "restore")) as log:
        # A topic that was made a moment ago has no leader yet.
        sizes = retry_transient(lambda: log.sizes(_places()))
    with_messages = [topic for (topic, _), size in sizes.items() if size]
    if with_messages:
        first = min(with_messages)
        raise NotEmptyError(f"the log has messages already ({first}): restore into an empty one")


def _check_warehouse(settings: Settings) -> None:
    with closing(Warehouse(settings)) as warehouse:
        (sessions,) = warehouse.query(SESSIONS, row=Number)
    if sessions.n:
        held = amount(sessions.n, "session", "sessions")
        raise NotEmptyError(f"the warehouse has {held}: restore into an empty one")


def _check_bucket(settings: Settings) -> None:
    for key in S3BlobStore(settings).all_keys():
        kind = kind_of(key)
        if kind is None or kind.owner is Owner.SESSION:
            raise NotEmptyError(
                f"the bucket has objects already ({key}): restore into an empty one"
            )


def _running(groups: GroupAdmin) -> list[str]:
    """The groups of stages that have members, by name."""
    return sorted(groups.with_members() & set(contents.groups()))


def _objects(blobs: S3BlobStore, folder: Folder) -> None:
    for stored in folder.objects():
        body = folder.object(stored.key).read_bytes()
        blobs.put(stored.key, body, stored.content_type, stored.sha256)


def _tables(settings: Settings, folder: Folder) -> None:
    with closing(Warehouse(settings)) as warehouse:
        for name in TABLES:
            file = folder.table(name)
            if file.stat().st_size:
                with file.open("rb") as rows:
                    warehouse.load(name, rows)


def _outgoing(place: Place, record: Copied) -> Outgoing:
    topic, partition = place
    return Outgoing(topic, record.key, record.value, record.headers, partition, record.timestamp_ms)


def _offsets(folder: Folder, manifest: Manifest, group: str) -> dict[Place, int]:
    """The offsets of a group in the new log, which has the kept records alone."""
    found: dict[Place, int] = {}
    for committed in manifest.groups:
        if committed.name == group:
            place = (committed.topic, committed.partition)
            found[place] = folder.place_of(place, committed.offset)
    return found
