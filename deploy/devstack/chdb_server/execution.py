"""Running one request on one handle."""

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from deploy.devstack.chdb_server.engine import Engine, EngineError, Handle
from deploy.devstack.chdb_server.protocol import Insert, Request

CODE = re.compile(r"Code: (\d+)")


@dataclass(frozen=True)
class Answer:
    """A whole result in memory, with the counters of `X-ClickHouse-Summary`."""

    body: bytes
    read_rows: int
    written_rows: int
    elapsed_ns: int


@contextmanager
def prepared(
    engine: Engine, request: Request, readonly: bool, database: str | None
) -> Iterator[Handle]:
    """A handle with the request's database, settings and external tables in place."""
    session = request.params.get("session_id")
    timeout_s = int(request.params.get("session_timeout") or 60)
    wanted = request.params.get("database") or database
    if session:
        lease = engine.session(session, readonly, timeout_s)
    else:
        lease = engine.pooled(readonly, request.leaves_state)
        wanted = wanted or "default"
    with lease as handle:
        handle.use(wanted or handle.database)
        handle.apply(request.settings)
        with _external(handle, request):
            yield handle


@contextmanager
def _external(handle: Handle, request: Request) -> Iterator[None]:
    for name, rows in request.files.items():
        columns = request.params.get(f"{name}_structure")
        if not columns:
            types = request.params.get(f"{name}_types", "").split(",")
            columns = ", ".join(f"_{n} {one}" for n, one in enumerate(types, 1))
        fmt = request.params.get(f"{name}_format", "TabSeparated")
        handle.conn.query(f"CREATE OR REPLACE TEMPORARY TABLE {name} ({columns})")
        _inserted(handle, Insert(f"INSERT INTO {name}", fmt, rows))
    try:
        yield
    finally:
        for name in request.files:
            handle.conn.query(f"DROP TEMPORARY TABLE IF EXISTS {name}")


def run(handle: Handle, request: Request) -> Answer:
    """Run to the end. Raises what the engine raises, for an INSERT too."""
    started = time.perf_counter_ns()
    if request.insert is not None:
        written = _inserted(handle, request.insert)
        return Answer(b"", 0, written, time.perf_counter_ns() - started)
    result = handle.conn.query(request.sql, request.format, **_bound(request))
    body = result.bytes() if hasattr(result, "bytes") else b""
    read, written = (
        (result.rows_read(), result.rows_written()) if hasattr(result, "rows_read") else (0, 0)
    )
    return Answer(body or b"", read, written, time.perf_counter_ns() - started)


def _inserted(handle: Handle, insert: Insert) -> int:
    """Write inline rows; returns how many.

    They are read from a file in memory. chDB cuts binary data inside a statement. Its streaming
    insert says nothing of an INSERT that failed, and checks no constraint.
    """
    into, settings, values = insert.into.partition(" SETTINGS ")
    with os.fdopen(os.memfd_create("rows"), "wb") as file:
        file.write(insert.rows)
        file.flush()
        source = f"FROM INFILE '/proc/self/fd/{file.fileno()}'"
        result = handle.conn.query(f"{into} {source}{settings}{values} FORMAT {insert.format}")
    return int(result.rows_written()) if hasattr(result, "rows_written") else 0


def stream(handle: Handle, request: Request) -> Iterator[bytes]:
    """Blocks of a SELECT as they come; the first `next` raises what is wrong with the query."""
    for block in handle.conn.send_query(request.sql, request.format, **_bound(request)):
        yield block.bytes()


def _bound(request: Request) -> dict[str, object]:
    return {"params": dict(request.bound)} if request.bound else {}


def explain(error: Exception) -> tuple[int, str]:
    """ClickHouse's code (1002 when there is none) and its message from `Code:` on."""
    text = str(error)
    found = CODE.search(text)
    if found is not None:
        return int(found.group(1)), text[found.start() :]
    if isinstance(error, EngineError | RuntimeError):
        return 1002, text
    return 1002, f"Code: 1002. DB::Exception: {type(error).__name__}: {text}"
