"""The folder of a backup: its files, and the manifest that is written last.

manifest.json                  when it was taken, what each group had read, what is in it
log/<topic>/<partition>        records in order, each after its length
log/<topic>/<partition>.offsets   the offset of each record, eight bytes
warehouse/<table>              rows in ClickHouse's format Native
objects/<key>                  bytes
"""

import mmap
import struct
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import msgspec

from adapters.kafka.ends import Place
from adapters.kafka.partition_log import Copied
from deploy.prepare.private_file import PRIVATE_FOLDER, write_private
from schemas.codec import NO_EVENT

LENGTH = struct.Struct(">I")
OFFSET = struct.Struct(">Q")
MANIFEST = "manifest.json"
_decoder = msgspec.msgpack.Decoder(Copied)


class Group(msgspec.Struct, frozen=True):
    """A consumer group and one offset that it had committed."""

    name: str
    topic: str
    partition: int
    offset: int


class Stored(msgspec.Struct, frozen=True):
    """One object: its key, its content type, and the digest of its bytes."""

    key: str
    content_type: str
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """A backup that is complete. `taken_at_ms` is Unix time, at its beginning."""

    version: int
    taken_at_ms: int
    groups: tuple[Group, ...]
    records: int
    tables: Mapping[str, int]
    objects: int


class Folder:
    """Blocking. Reading raises OSError for a file that is not there."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def begin(self) -> None:
        """Make the folder, for this user alone: voices and words of people are in it.

        One that is there keeps its mode. Raises FileExistsError when it has something in it.
        """
        self.path.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        if any(self.path.iterdir()):
            raise FileExistsError(f"{self.path} is not empty: name a new folder")

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest: a folder without one is no backup."""
        document = msgspec.json.encode(manifest)
        write_private(self.path / MANIFEST, msgspec.json.format(document))

    def manifest(self) -> Manifest:
        """Return the manifest.

        Raises FileNotFoundError for a folder without one, and ValueError for one that is damaged.
        """
        file = self.path / MANIFEST
        if not file.exists():
            raise FileNotFoundError(f"{self.path} has no {MANIFEST}: it is no complete backup")
        try:
            return msgspec.json.decode(file.read_bytes(), type=Manifest)
        except NO_EVENT as error:
            raise ValueError(f"{file} is damaged: {error}") from None

    def write_records(self, records: Iterable[tuple[Place, Copied]]) -> int:
        """Write the records of some partitions, each in its order. Return how many.

        Two files are open for each partition of the records.
        """
        number = 0
        with ExitStack() as opened:
            files: dict[Place, tuple[BinaryIO, BinaryIO]] = {}
            for place, record in records:
                if place not in files:
                    files[place] = self._open(opened, place)
                bodies, offsets = files[place]
                body = msgspec.msgpack.encode(record)
                bodies.write(LENGTH.pack(len(body)) + body)
                offsets.write(OFFSET.pack(record.offset))
                number += 1
        return number

    def _open(self, opened: ExitStack, place: Place) -> tuple[BinaryIO, BinaryIO]:
        file = self._log(place)
        file.parent.mkdir(parents=True, exist_ok=True)
        bodies = opened.enter_context(file.open("wb"))
        offsets = opened.enter_context(offsets_beside(file).open("wb"))
        return bodies, offsets

    def records(self, place: Place) -> Iterator[Copied]:
        """Yield the records of a partition, in order; nothing for one that was not kept."""
        file = self._log(place)
        if not file.exists():
            return
        with file.open("rb") as records:
            while head := records.read(LENGTH.size):
                (length,) = LENGTH.unpack(head)
                body = records.read(length)
                yield _decoder.decode(body)

    def place_of(self, place: Place, offset: int) -> int:
        """Return how many kept records of the partition come before `offset`.

        That is the offset of the same record in a log that has these records alone.
        """
        file = offsets_beside(self._log(place))
        if not file.exists() or file.stat().st_size == 0:
            return 0
        with (
            file.open("rb") as opened,
            mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
        ):
            kept_offsets = _Numbers(mapped)
            return bisect_left(kept_offsets, offset)

    def table(self, name: str) -> Path:
        """Return the file of a table."""
        return self.path / "warehouse" / name

    def object(self, key: str) -> Path:
        """Return the file of an object."""
        return self.path / "objects" / key

    @property
    def listing(self) -> Path:
        """The list of objects: one `Stored` a line."""
        return self.path / "objects.jsonl"

    def objects(self) -> Iterator[Stored]:
        """Yield the objects, as they are listed."""
        with self.listing.open("rb") as lines:
            for line in lines:
                yield _stored(self.listing, line)

    def logs(self) -> list[Path]:
        """Return the files of records, one for each partition that has some."""
        files = self.path.glob("log/*/*")
        return sorted(file for file in files if not file.suffix)

    def _log(self, place: Place) -> Path:
        topic, partition = place
        return self.path / "log" / topic / str(partition)


def offsets_beside(file: Path) -> Path:
    """Return the file of the offsets of a partition's records."""
    return file.with_name(f"{file.name}.offsets")


def _stored(listing: Path, line: bytes) -> Stored:
    try:
        return msgspec.json.decode(line, type=Stored)
    except NO_EVENT as error:
        raise ValueError(f"{listing} is damaged: {error}") from None


class _Numbers(Sequence[int]):
    """Sorted numbers in a file, of which a search reads some."""

    def __init__(self, body: mmap.mmap) -> None:
        self._body = body

    def __len__(self) -> int:
        return len(self._body) // OFFSET.size

    def __getitem__(self, index: int) -> int:  # type: ignore[override]
        (number,) = OFFSET.unpack_from(self._body, index * OFFSET.size)
        return int(number)
