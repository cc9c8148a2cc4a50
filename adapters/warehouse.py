"""ClickHouse over HTTP: its ports, and one client for all threads of a process.

Values travel as bound parameters, never in the text of a statement.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any, BinaryIO, Protocol, TypeVar, overload
from urllib.parse import urlsplit

import clickhouse_connect
import msgspec
from clickhouse_connect.driver import options
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.httputil import get_pool_manager

from adapters.process.retry import TransientError
from adapters.settings import Settings
from adapters.warehouse_errors import translated, translated_insert

Row = dict[str, Any]
Values = Sequence[Any]
"""The values of one row, in the order of its columns."""
Parameters = Mapping[str, Any]
CONNECTIONS = 32
"""Open all the time, for the threads of a process. More are opened and closed as needed."""
CONNECT_S = 5
ANSWER_S = 60
PIECE = 1 << 20
"""Bytes of one piece of a dump."""
UNLOGGED = {"log_queries": 0}
"""A server writes queries down by itself, with their values: names, and ids of who left since."""
vars(options).update(np=None, pd=None)
"""No rows here are arrays or frames. The client asks of each insert whether they are, and its first
question would load numpy, pandas and pyarrow: 80 MB, in a process that has run for hours.
"""


class TypedRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of a row: exactly one field for each column of its query, in any order."""


class Number(TypedRow, frozen=True):
    """The row of a query that counts: `count() AS n`."""

    n: int


R = TypeVar("R", bound=TypedRow)


class Queries(Protocol):
    """Port: reading the warehouse. Blocking; TransientError when ClickHouse is away."""

    def query(
        self,
        sql: str,
        parameters: Parameters | None = None,
        *,
        row: type[R],
    ) -> list[R]:
        """All rows of a SELECT. The server binds the parameters."""


class Commands(Protocol):
    """Port: changing the warehouse by its own data. Blocking; TransientError when it is away."""

    def command(self, sql: str, parameters: Parameters | None = None) -> None:
        """Run a statement without rows."""


class Statements(Commands, Protocol):
    """Port: reading and writing the warehouse. Blocking; TransientError when ClickHouse is away."""

    @overload
    def query(
        self,
        sql: str,
        parameters: Parameters | None = None,
    ) -> list[Row]: ...
    @overload
    def query(
        self,
        sql: str,
        parameters: Parameters | None = None,
        *,
        row: type[R],
    ) -> list[R]: ...

    def insert(
        self,
        table: str,
        columns: Sequence[str],
        rows: Sequence[Values],
    ) -> None:
        """Write all of `rows`. Raises RowsRefusedError when one can never be written."""


class Warehouse:
    """Blocking. Raises TransientError when ClickHouse is away, or cannot do it now.

    A rejected statement is a bug: its error is not caught. `adapters/warehouse_errors.py` tells
    these apart.
    """

    def __init__(self, settings: Settings, threads: int = 0, answer_s: float = ANSWER_S) -> None:
        """`answer_s`: a query without an answer for so long is given up.

        `threads` of the server that one query may use; 0 leaves it to the server.

        Many small queries at a time are best with one each: more make none of them faster, and
        each of them costs more.
        """
        url = urlsplit(settings.clickhouse_url)
        self._connections = get_pool_manager(maxsize=CONNECTIONS)
        with _raising(translated):
            self._client: Client = clickhouse_connect.get_client(
                interface=url.scheme,
                host=url.hostname or "",
                port=url.port or 8123,
                username=settings.clickhouse_user,
                password=settings.clickhouse_password.get_secret_value(),
                autogenerate_session_id=False,
                connect_timeout=CONNECT_S,
                send_receive_timeout=answer_s,
                query_retries=0,
                compress="lz4",
                tz_mode="aware",  # else moments come without a zone, and readers take their own
                settings=_of_every_query(threads),
                pool_mgr=self._connections,
            )

    def insert(
        self,
        table: str,
        columns: Sequence[str],
        rows: Sequence[Values],
    ) -> None:
        """Write all of `rows`: ClickHouse says that it wrote each of them when this returns.

        Raises RowsRefusedError when one of them can never be written, and TransientError when
        fewer were written.
        """
        with _raising(translated_insert):
            summary = self._client.insert(table, rows, column_names=list(columns))
        if int(summary.written_rows) < len(rows):
            written = f"{summary.written_rows} of {len(rows)} rows"
            raise TransientError(f"clickhouse wrote {written} of {table}")

    @overload
    def query(
        self,
        sql: str,
        parameters: Parameters | None = None,
    ) -> list[Row]: ...
    @overload
    def query(
        self,
        sql: str,
        parameters: Parameters | None = None,
        *,
        row: type[R],
    ) -> list[R]: ...

    def query(
        self, sql: str, parameters: Parameters | None = None, *, row: type[R] | None = None
    ) -> list[R] | list[Row]:
        """All rows of a SELECT, as `row` or else as dictionaries.

        Raises msgspec.ValidationError when the columns are not the fields of `row`: that is a bug.
        """
        with _raising(translated):
            result = self._client.query(sql, parameters=dict(parameters or {}))
        names = result.column_names
        rows: list[Row] = [dict(zip(names, values, strict=True)) for values in result.result_rows]
        if row is None:
            return rows
        return [msgspec.convert(one, row) for one in rows]

    def command(self, sql: str, parameters: Parameters | None = None) -> None:
        """Run a statement without rows."""
        with _raising(translated):
            self._client.command(sql, parameters=dict(parameters or {}))

    def dump(self, sql: str) -> Iterator[bytes]:
        """Yield the rows of a SELECT in the format Native, piece by piece."""
        with _raising(translated):
            rows: Any = self._client.raw_stream(sql, fmt="Native")
            with closing(rows):
                while piece := rows.read(PIECE):
                    yield piece

    def load(self, table: str, rows: BinaryIO) -> None:
        """Write rows of the format Native, which name their columns."""
        with _raising(translated_insert):
            self._client.raw_insert(table, insert_block=rows, fmt="Native")

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()
        self._connections.clear()  # the client closes no connections that were given to it


def _of_every_query(threads: int) -> dict[str, int]:
    """Settings of the server for each query. 0 threads: as many as the server likes."""
    if threads:
        return {**UNLOGGED, "max_threads": threads}
    return dict(UNLOGGED)


@contextmanager
def _raising(translate: Callable[[Exception], Exception]) -> Iterator[None]:
    """Raise what `translate` makes of the client's error."""
    try:
        yield
    except Exception as error:
        meant = translate(error)
        if meant is error:
            raise
        raise meant from error
