"""ClickHouse over HTTP: bound parameters only, one client a process, safe to share between threads."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeVar, overload
from urllib.parse import urlsplit

import clickhouse_connect
import msgspec
import urllib3
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError, DatabaseError, OperationalError
from clickhouse_connect.driver.httputil import get_pool_manager

from adapters.process.retry import TransientError
from adapters.settings import Settings

Row = dict[str, Any]
CONNECTIONS = 32
"""Kept open for the threads of a process; more are opened when they are needed, and not kept."""


class TypedRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of a row: exactly one field for each column of its query, in any order."""


R = TypeVar("R", bound=TypedRow)


class Queries(Protocol):
    """Port: reading the warehouse. Blocking; TransientError when ClickHouse is away."""

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """All rows of a SELECT. Parameters are bound by the server."""


class Commands(Protocol):
    """Port: changing the warehouse from inside. Blocking; TransientError when ClickHouse is away."""

    def command(self, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Run a statement without rows."""


class Statements(Commands, Protocol):
    """Port: reading and writing the warehouse. Blocking; TransientError when ClickHouse is away."""

    @overload
    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]: ...
    @overload
    def query(
        self, sql: str, parameters: Mapping[str, Any] | None = None, *, row: type[R]
    ) -> list[R]: ...

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
        """Write `rows`; returns how many were written."""


class Warehouse:
    """Blocking. Raises TransientError when ClickHouse is away; a refused query is a bug and is not caught.

    `threads`: that a query may use, 0 for what the server thinks. Many small questions at a time want one each: more make none
    of them faster, and all of them dearer.
    """

    def __init__(self, settings: Settings, threads: int = 0) -> None:
        url = urlsplit(settings.clickhouse_url)
        self._client: Client = _away(
            lambda: clickhouse_connect.get_client(
                interface=url.scheme,
                host=url.hostname or "",
                port=url.port or 8123,
                username=settings.clickhouse_user,
                password=settings.clickhouse_password.get_secret_value(),
                autogenerate_session_id=False,
                connect_timeout=5,
                send_receive_timeout=60,
                query_retries=0,
                compress="lz4",
                settings={"max_threads": threads} if threads else None,
                pool_mgr=get_pool_manager(maxsize=CONNECTIONS),
            )
        )

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
        """Write `rows`; returns how many ClickHouse says it wrote."""
        summary = _away(lambda: self._client.insert(table, rows, column_names=list(columns)))
        return int(summary.written_rows)

    @overload
    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]: ...
    @overload
    def query(
        self, sql: str, parameters: Mapping[str, Any] | None = None, *, row: type[R]
    ) -> list[R]: ...

    def query(
        self, sql: str, parameters: Mapping[str, Any] | None = None, *, row: type[R] | None = None
    ) -> list[R] | list[Row]:
        """All rows of a SELECT, as `row` or else as dictionaries. Parameters are bound by the server.

        Raises msgspec.ValidationError when the columns are not the fields of `row`: that is a bug.
        """
        result = _away(lambda: self._client.query(sql, parameters=dict(parameters or {})))
        names = result.column_names
        rows: list[Row] = [dict(zip(names, values, strict=True)) for values in result.result_rows]
        return rows if row is None else [msgspec.convert(one, row) for one in rows]

    def command(self, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Run a statement that answers nothing."""
        _away(lambda: self._client.command(sql, parameters=dict(parameters or {})))

    def ready(self) -> bool:
        """Whether a query is answered."""
        try:
            return self.query("SELECT 1 AS one") == [{"one": 1}]
        except (TransientError, ClickHouseError):
            return False

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()


def _away(call: Any) -> Any:
    try:
        return call()
    except (
        OperationalError
    ) as error:  # a DatabaseError by its class, but what it says is: no answer came
        raise TransientError(f"clickhouse is away: {type(error).__name__}") from error
    except DatabaseError:
        raise
    except (ClickHouseError, urllib3.exceptions.HTTPError, OSError) as error:
        raise TransientError(f"clickhouse is away: {type(error).__name__}") from error
