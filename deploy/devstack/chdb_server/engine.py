"""The chDB engine and its connections.

One process owns the data directory; each handle has its own state.
"""

import queue
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import chdb

POOL_SIZE = 4
POOL_WAIT_S = 60.0
READ_LIMIT_S = 30
CONFIG = """<clickhouse>
  <memory_worker_period_ms>1000</memory_worker_period_ms>
  <merge_tree>
    <fsync_after_insert>1</fsync_after_insert>
    <fsync_part_directory>1</fsync_part_directory>
    <min_rows_to_fsync_after_merge>1</min_rows_to_fsync_after_merge>
    <concurrent_part_removal_threshold>1000000</concurrent_part_removal_threshold>
  </merge_tree>
</clickhouse>
"""
"""`merge_tree`: without the first three a simulated power cut lost most of the last acknowledged
rows, with them none. An idle engine looks at its memory 20 times a second: once will do.

Old parts are removed one after the other. More than a hundred at a time would start some 128
threads, which the engine keeps: idle, with three files each. Within a process of Python it takes
no smaller number of idle ones (`max_thread_pool_free_size` changes nothing).
"""


class EngineError(Exception):
    """A refusal in ClickHouse's words: `Code: N. DB::Exception: …`."""


@dataclass
class Handle:
    """One connection with its own database, settings and temporary tables."""

    dsn: str
    readonly: bool = False
    used_at: float = field(default_factory=time.monotonic)
    timeout_s: int = 60
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Connect; a read-only handle can never be lifted again."""
        self.conn = chdb.connect(self.dsn)
        self.database = "default"
        self._applied: dict[str, str] = {}
        if self.readonly:
            self.conn.query(f"SET max_execution_time = {READ_LIMIT_S}")
            self.conn.query("SET readonly = 2")

    def use(self, database: str) -> None:
        """Make `database` current."""
        if database != self.database:
            self.conn.query(f"USE `{database.replace('`', '')}`")
            self.database = database

    def apply(self, wanted: Mapping[str, str]) -> None:
        """Make the settings equal `wanted`.

        They stay until a request wants others: a SET costs about 0.2 ms.
        """
        for name in wanted:
            if not name.isidentifier():
                raise EngineError(
                    f"Code: 115. DB::Exception: Unknown setting {name!r}. (UNKNOWN_SETTING)"
                )
        changes: list[str] = []
        for name, value in wanted.items():
            if self._applied.get(name) != value:
                changes.append(f"{name} = {_quoted(value)}")
        changes += [f"{name} = DEFAULT" for name in self._applied if name not in wanted]
        if changes:
            self.conn.query("SET " + ", ".join(changes))
            self._applied = dict(wanted)

    def close(self) -> None:
        """Every handle must be closed before exit, or the engine dies by a segmentation fault."""
        self.conn.close()


class Engine:
    """Pools of handles. Blocking.

    Raises what chDB raises when another process has the directory open.
    """

    def __init__(self, path: str, config_file: str) -> None:
        self._dsn = f"{path}?config-file={config_file}"
        self._root = Handle(self._dsn)
        self.version = self._text("SELECT version()")
        self.time_zone = self._text("SELECT timezone()")
        self._pools: dict[bool, queue.LifoQueue[Handle]] = {
            ro: queue.LifoQueue() for ro in (False, True)
        }
        self._sessions: dict[tuple[bool, str], Handle] = {}
        self._mutex = threading.Lock()
        for readonly, pool in self._pools.items():
            for _ in range(POOL_SIZE):
                pool.put(Handle(self._dsn, readonly))

    def _text(self, sql: str) -> str:
        return str(self._root.conn.query(sql, "TSV")).strip()

    @contextmanager
    def pooled(self, readonly: bool, leaves_state: bool) -> Iterator[Handle]:
        """Yield a handle for one request.

        One that ran SET or USE, or made temporary tables, is not used again.
        """
        try:
            handle = self._pools[readonly].get(timeout=POOL_WAIT_S)
        except queue.Empty:
            raise EngineError(
                "Code: 202. DB::Exception: Too many simultaneous queries. "
                "(TOO_MANY_SIMULTANEOUS_QUERIES)"
            ) from None
        try:
            yield handle
        finally:
            if leaves_state:
                handle.close()
                handle = Handle(self._dsn, readonly)
            self._pools[readonly].put(handle)

    @contextmanager
    def session(self, name: str, readonly: bool, timeout_s: int) -> Iterator[Handle]:
        """Yield the handle of a named session.

        A second request at the same time is rejected, as ClickHouse rejects it.
        """
        with self._mutex:
            self._expire()
            handle = self._sessions.get((readonly, name)) or Handle(self._dsn, readonly)
            self._sessions[(readonly, name)] = handle
            if not handle.lock.acquire(blocking=False):
                raise EngineError(
                    "Code: 373. DB::Exception: Session is locked by a concurrent client. "
                    "(SESSION_IS_LOCKED)"
                )
        try:
            yield handle
        finally:
            handle.used_at = time.monotonic()
            handle.timeout_s = timeout_s
            handle.lock.release()

    def _expire(self) -> None:
        now = time.monotonic()
        for key, handle in list(self._sessions.items()):
            is_over = handle.used_at + handle.timeout_s < now
            if is_over and not handle.lock.locked():
                del self._sessions[key]
                handle.close()

    def close(self) -> None:
        """Close every handle, waiting for those in use."""
        for pool in self._pools.values():
            for _ in range(POOL_SIZE):
                pool.get(timeout=POOL_WAIT_S).close()
        for handle in self._sessions.values():
            handle.close()
        self._root.close()


def _quoted(value: Any) -> str:
    escaped = str(value).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
