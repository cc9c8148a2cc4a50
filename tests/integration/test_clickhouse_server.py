"""The ClickHouse HTTP server over chDB, in a process of its own, through clickhouse-connect."""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import clickhouse_connect
import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.compression import available_compression, comp_map
from clickhouse_connect.driver.exceptions import DatabaseError

from adapters.process.retry import TransientError
from adapters.warehouse import Warehouse
from adapters.warehouse_errors import REFUSED, TRANSIENT, RowsRefusedError
from deploy.clickhouse.migration_files import FOLDER
from deploy.prepare import tables
from tests.integration.served import Served


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    server = Served(tmp_path_factory.mktemp("clickhouse"))
    yield server
    server.process.terminate()
    assert server.process.wait(60) == 0  # a clean stop: no crash of the engine, no process left


@pytest.fixture
def client(served: Served) -> Iterator[Client]:
    with served.client() as made:
        made.command("DROP TABLE IF EXISTS t")
        made.command(
            "CREATE TABLE t (n UInt64, s String, at DateTime64(3, 'UTC')) "
            "ENGINE = MergeTree ORDER BY n"
        )
        yield made


NOW = datetime(2026, 11, 23, 4, 0, 0, 123_000, UTC)
ROWS = [[1, "walao", NOW], [2, "paiseh 不好意思", NOW], [3, "tab\tquote'newline\n", NOW]]


@pytest.mark.parametrize("compress", [*(m for m in available_compression if m in comp_map), False])
def test_rows_written_are_rows_sent_in_every_compression(
    served: Served, client: Client, compress: str
) -> None:
    with served.client(compress=compress) as made:
        summary = made.insert("t", ROWS, column_names=["n", "s", "at"])
        assert summary.written_rows == len(ROWS)
        found = made.query("SELECT n, s, at FROM t ORDER BY n").result_rows
    # The client hands times of UTC columns out without a zone.
    assert [[n, s, at.replace(tzinfo=UTC)] for n, s, at in found] == ROWS


def test_parts_that_are_removed_leave_no_threads(served: Served, client: Client) -> None:
    tasks = Path(f"/proc/{served.process.pid}/task")
    client.command("CREATE TABLE many (n UInt64) ENGINE = MergeTree PARTITION BY n ORDER BY n")
    for first in (0, 75):  # one insert may write a hundred parts
        client.insert("many", [[first + n] for n in range(75)], column_names=["n"])
    before = len(list(tasks.iterdir()))
    client.command("DROP TABLE many SYNC")
    assert len(list(tasks.iterdir())) < before + 75


def test_parameters_are_bound_by_the_server(client: Client) -> None:
    client.insert("t", ROWS, column_names=["n", "s", "at"])
    hostile = "x' OR '1'='1"
    assert client.query(
        "SELECT count() FROM t WHERE s = {s:String}", parameters={"s": hostile}
    ).result_rows == [(0,)]
    assert client.query(
        "SELECT n FROM t WHERE s = {s:String}", parameters={"s": ROWS[2][1]}
    ).result_rows == [(3,)]


def test_a_large_answer_streams_block_by_block(client: Client) -> None:
    with client.query_row_block_stream("SELECT number FROM numbers(300000)") as stream:
        sizes = [len(block) for block in stream]
    assert sum(sizes) == 300_000
    assert len(sizes) > 1


def test_the_error_is_the_engines_own(client: Client) -> None:
    with pytest.raises(DatabaseError, match="UNKNOWN_TABLE"):
        client.query("SELECT * FROM nowhere")
    with pytest.raises(DatabaseError, match="SYNTAX_ERROR"):
        client.command("SELEKT 1")
    assert client.command("SELECT 1") == 1  # the connection lives on


def test_an_error_in_the_middle_of_an_answer_is_not_silent(client: Client) -> None:
    with (
        pytest.raises(Exception, match=r"too big|FUNCTION_THROW"),
        client.query_row_block_stream(
            "SELECT throwIf(number = 250000, 'too big') FROM numbers(300000)",
            settings={"max_block_size": 1000},
        ) as stream,
    ):
        for _ in stream:
            pass


def test_an_insert_that_fails_says_why(served: Served, client: Client) -> None:
    client.command("DROP TABLE IF EXISTS full")
    client.command(
        "CREATE TABLE full (n UInt8, CONSTRAINT few CHECK n < 9) ENGINE = MergeTree ORDER BY n "
        "SETTINGS parts_to_throw_insert = 2, max_bytes_to_merge_at_max_space_in_pool = 1"
    )
    client.command("SYSTEM STOP MERGES full")
    warehouse = Warehouse(served.settings)
    with pytest.raises(RowsRefusedError, match="VIOLATED_CONSTRAINT"):
        warehouse.insert("full", ["n"], [[9]])
    for number in range(2):
        warehouse.insert("full", ["n"], [[number]])
    with pytest.raises(TransientError, match="TOO_MANY_PARTS"):
        warehouse.insert("full", ["n"], [[3]])
    assert warehouse.query("SELECT count() AS n FROM full") == [{"n": 2}]
    warehouse.close()


def test_rows_that_can_never_be_written_are_told_from_a_server_that_cannot_now(
    served: Served, client: Client
) -> None:
    client.command("DROP TABLE IF EXISTS days")
    client.command("CREATE TABLE days (day Date) ENGINE = MergeTree PARTITION BY day ORDER BY day")
    warehouse = Warehouse(served.settings)
    with pytest.raises(RowsRefusedError, match="client"):
        warehouse.insert("days", ["day"], [[date(9999, 1, 1)]])
    many = [[date(2020, 1, 1) + timedelta(days=n)] for n in range(200)]
    with pytest.raises(RowsRefusedError, match="partitions"):
        warehouse.insert("days", ["day"], many)
    warehouse.insert("days", ["day"], many[:100])
    warehouse.close()


def test_errors_are_called_as_clickhouse_calls_them(client: Client) -> None:
    ours = {**TRANSIENT, **REFUSED}
    asked = "SELECT errorCodeToName(n) FROM (SELECT arrayJoin({codes:Array(UInt16)}) AS n)"
    found = client.query(asked, parameters={"codes": list(ours)}).result_rows
    assert [row[0] for row in found] == list(ours.values())


def test_a_wrong_password_is_refused(served: Served) -> None:
    with pytest.raises(DatabaseError, match=r"AUTHENTICATION_FAILED|516"):
        clickhouse_connect.get_client(**{**served.address(), "password": "wrong"})


def test_the_async_client_works_alike(served: Served, client: Client) -> None:
    async def work() -> list[Any]:
        made = await clickhouse_connect.get_async_client(**served.address())
        summary = await made.insert("t", ROWS, column_names=["n", "s", "at"])
        assert summary.written_rows == len(ROWS)
        results = await asyncio.gather(*(made.query("SELECT count() FROM t") for _ in range(12)))
        await made.close()
        return [result.result_rows[0] for result in results]

    assert asyncio.run(work()) == [(3,)] * 12


def test_sessions_keep_their_settings_and_temporary_tables(served: Served) -> None:
    with served.client(session_id="s-1") as one, served.client(session_id="s-2") as other:
        one.command("CREATE TEMPORARY TABLE mine (n UInt8)")
        one.command("INSERT INTO mine VALUES (7)")
        assert one.query("SELECT n FROM mine").result_rows == [(7,)]
        with pytest.raises(DatabaseError):
            other.query("SELECT n FROM mine")


def test_power_cut_settings_are_on(client: Client) -> None:
    sql = (
        "SELECT name, value FROM system.merge_tree_settings "
        "WHERE name IN ('fsync_after_insert', 'fsync_part_directory')"
    )
    assert sorted(map(tuple, client.query(sql).result_rows)) == [
        ("fsync_after_insert", "1"),
        ("fsync_part_directory", "1"),
    ]


def test_kill_9_during_inserts_loses_no_acknowledged_row(served: Served, client: Client) -> None:
    acknowledged: list[int] = []

    def insert_for_ever(first: int) -> None:
        try:
            with served.client() as made:
                for n in range(first, first + 100_000):
                    made.insert("t", [[n, "lah", NOW]], column_names=["n", "s", "at"])
                    acknowledged.append(n)
        except Exception:  # noqa: BLE001 - the server was killed, which is the point
            return

    writers = [threading.Thread(target=insert_for_ever, args=(n * 1_000_000,)) for n in range(3)]
    for writer in writers:
        writer.start()
    while len(acknowledged) < 60:
        time.sleep(0.01)
    os.kill(served.process.pid, signal.SIGKILL)
    served.process.wait()
    for writer in writers:
        writer.join()
    served.start()
    with served.client() as made:
        kept = {row[0] for row in made.query("SELECT n FROM t").result_rows}
    assert set(acknowledged) - kept == set()


def test_migrations_run_once_and_can_be_run_again(served: Served) -> None:
    warehouse = Warehouse(served.settings)
    first = tables.migrate(warehouse)
    assert first == sorted(path.name for path in FOLDER.glob("*.sql"))
    assert tables.migrate(warehouse) == []
    warehouse.close()


def test_a_migration_that_was_changed_after_it_was_applied_is_named(
    served: Served, tmp_path: Path
) -> None:
    one = tmp_path / "0001_of_a_test.sql"
    one.write_text("CREATE TABLE IF NOT EXISTS of_a_test (n UInt8) ENGINE = MergeTree ORDER BY n")
    warehouse = Warehouse(served.settings)
    assert tables.migrate(warehouse, tmp_path) == [one.name]
    one.write_text("CREATE TABLE IF NOT EXISTS of_a_test (n UInt16) ENGINE = MergeTree ORDER BY n")
    (tmp_path / "0002_never_run.sql").write_text("DROP TABLE of_a_test")
    with pytest.raises(tables.MigrationChangedError, match=one.name):
        tables.migrate(warehouse, tmp_path)
    assert warehouse.query("SELECT count() AS n FROM of_a_test") == [{"n": 0}]
    warehouse.close()


def test_a_server_that_is_away_is_a_transient_error(served: Served) -> None:
    warehouse = Warehouse(served.settings)
    served.process.terminate()
    served.process.wait()
    try:
        with pytest.raises(TransientError):
            warehouse.query("SELECT 1")
        with pytest.raises(TransientError):
            warehouse.insert("t", ["n"], [[1]])
    finally:
        served.start()
    assert warehouse.query("SELECT 1 AS one") == [{"one": 1}]
    with pytest.raises(DatabaseError):
        warehouse.query("SELEKT")
