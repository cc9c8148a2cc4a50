"""A fold's table on local disk: a copy of its changelog, with the offset that it has reached."""

import math
import shutil
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from time import time

from rocksdict import BlockBasedOptions, Cache, Options, Rdict, RdictIter, WriteBatch

from adapters.process.logs import logger
from adapters.process.retry import MachineError

Rows = Mapping[bytes, bytes | None]
"""Values by key; None deletes the key."""
Due = Callable[[bytes, bytes], int | None]
"""When a value is due, Unix milliseconds; None when it never is."""

FRESH_S = 12 * 3600
"""Age up to which a copy may go on from its offset.

The broker keeps a deletion for 24 hours (`delete.retention.ms`). An older copy could miss one.
"""
MEMORY_BYTES = 16 << 20
"""For the writes of one table that are not sorted yet, and again for blocks that were read."""
_NUMBER = struct.Struct(">q")
_CHECKPOINT = struct.Struct(">qq")
_VALUE = b"v"
_DUE = b"d"
_DUE_OF = b"o"
_OFFSET = b"c"
_VERSION = b"version"
_DAMAGED = ("Corruption:", "IO error: No such file or directory")
"""Beginnings of RocksDB's message when it reads what it did not write, or misses what it wrote."""
_ANEW = "damaged"
"""A file among those of the store, which says that they are to be thrown away."""


class Table:
    """bytes -> bytes by partition. Reads and writes are thread-safe and take microseconds.

    One process alone may open a directory. A killed process loses nothing that `write` returned
    from; a machine that loses power loses the newest writes, and the changelog still has them.
    """

    def __init__(
        self,
        path: Path,
        due: Due | None = None,
        version: str = "",
    ) -> None:
        """Opens or creates the directory. `due` keeps an index of values by time.

        A copy that was made with another `version`, or that is damaged, is thrown away.
        """
        self._path = path
        self._rows = _opened(path)
        self._due = due
        if self._read(_VERSION) != version.encode():
            self._rows.delete_range(b"", b"\xff")
            self._rows.put(_VERSION, version.encode())

    def get(self, partition: int, key: bytes) -> bytes | None:
        """Returns the value at `key`; None when there is none.

        Raises MachineError for a copy that cannot be read. One that is damaged is thrown away when
        it is opened next: no event is to blame, and the changelog has everything.
        """
        return self._read(_key(_VALUE, partition, key))

    def _read(self, place: bytes) -> bytes | None:
        try:
            value: bytes | None = self._rows.get(place)
        except Exception as error:
            raise self._failed(error) from error
        return value

    def _failed(self, error: Exception) -> MachineError:
        if _is_damage(error):
            with suppress(OSError):  # the disk may be away
                (self._path / _ANEW).touch()
        return MachineError(f"the copy of a table: {error}")

    def items(self, partition: int) -> Iterator[tuple[bytes, bytes]]:
        """Yields the keys and values of a partition, sorted by key. Raises as `get` does."""
        prefix = _key(_VALUE, partition)
        for place in self._places(prefix):
            key: bytes = place.key()
            if not key.startswith(prefix):
                return
            yield key[len(prefix) :], place.value()

    def _places(self, first: bytes) -> Iterator[RdictIter]:
        """Yields the iterator at each key from `first` on.

        It ends at a block that is damaged as it does behind the last key. Its status tells.
        """
        place = self._rows.iter()
        place.seek(first)
        while place.valid():
            yield place
            place.next()
        try:
            place.status()
        except Exception as error:
            raise self._failed(error) from error

    def write(self, partition: int, rows: Rows, reached: int) -> None:
        """Writes the rows and the changelog's offset `reached`: all of it, or nothing.

        Raises as `get` does.
        """
        batch = WriteBatch(raw_mode=True)
        for key, value in rows.items():
            place = _key(_VALUE, partition, key)
            if value is None:
                batch.delete(place)
            else:
                batch.put(place, value)
            if self._due is not None:
                self._index(batch, partition, key, value, self._due)
        batch.put(_key(_OFFSET, partition), _CHECKPOINT.pack(reached, math.floor(time())))
        try:
            self._rows.write(batch)
        except Exception as error:
            raise self._failed(error) from error

    def _index(
        self, batch: WriteBatch, partition: int, key: bytes, value: bytes | None, due: Due
    ) -> None:
        of_key = _key(_DUE_OF, partition, key)
        before = self._read(of_key)
        at_ms = None if value is None else due(key, value)
        after = None if at_ms is None else _NUMBER.pack(at_ms)
        if before == after:
            return
        if before is not None:
            batch.delete(_key(_DUE, partition, before + key))
            batch.delete(of_key)
        if after is not None:
            batch.put(_key(_DUE, partition, after + key), b"")
            batch.put(of_key, after)

    def due(self, partition: int, now_ms: int) -> Iterator[bytes]:
        """Yields the keys of a partition that are due at `now_ms`, the oldest first.

        Raises as `get` does.
        """
        prefix = _key(_DUE, partition)
        end = prefix + _NUMBER.pack(now_ms + 1)
        for place in self._places(prefix):
            key: bytes = place.key()
            if not prefix <= key < end:
                return
            yield key[len(prefix) + _NUMBER.size :]

    def reached(self, partition: int) -> int:
        """Returns the changelog's offset to go on from; 0 for a copy that is missing or too old."""
        body = self._read(_key(_OFFSET, partition))
        if body is None:
            return 0
        offset, written_s = _CHECKPOINT.unpack(body)
        # A clock that went back does not make a copy fresh.
        return int(offset) if 0 <= time() - written_s < FRESH_S else 0

    def touch(self, partition: int) -> None:
        """Says that the copy is up to date now. Call it when nobody else can have written."""
        body = self._read(_key(_OFFSET, partition))
        if body is not None:
            offset, _ = _CHECKPOINT.unpack(body)
            self.write(partition, {}, offset)

    def clear(self, partition: int) -> None:
        """Removes all rows of a partition and its offset."""
        for kind in (_OFFSET, _VALUE, _DUE, _DUE_OF):
            self._rows.delete_range(_key(kind, partition), _key(kind, partition + 1))

    def close(self) -> None:
        """Writes what is in memory, and gives the directory back. Call nothing after it."""
        self._rows.close()


def _opened(path: Path) -> Rdict:
    if not (path / _ANEW).exists():
        path.mkdir(parents=True, exist_ok=True)
        try:
            return Rdict(str(path), options=_options())
        except Exception as error:
            if not _is_damage(error):
                raise  # another process has it open, say
    logger().warning("table_thrown_away", reason="the copy is damaged", table=path.name)
    shutil.rmtree(path)
    path.mkdir()
    return Rdict(str(path), options=_options())


def _is_damage(error: Exception) -> bool:
    return str(error).startswith(_DAMAGED)


def _key(kind: bytes, partition: int, key: bytes = b"") -> bytes:
    return kind + partition.to_bytes(2, "big") + key


def _options() -> Options:
    options = Options(raw_mode=True)
    options.create_if_missing(True)
    options.set_write_buffer_size(MEMORY_BYTES // 2)
    options.set_max_write_buffer_number(2)
    options.set_keep_log_file_num(2)
    options.set_max_open_files(256)
    options.set_max_background_jobs(2)
    blocks = BlockBasedOptions()
    blocks.set_block_cache(Cache(MEMORY_BYTES))
    blocks.set_bloom_filter(10, block_based=False)
    options.set_block_based_table_factory(blocks)
    return options
