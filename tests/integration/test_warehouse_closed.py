"""A client of ClickHouse that is closed holds nothing there."""

from contextlib import suppress
from pathlib import Path

from adapters.warehouse import Warehouse
from deploy.waiting import until
from tests.integration.served import Served, filled_by


def test_a_client_that_is_closed_holds_no_thread_of_the_server(tmp_path: Path) -> None:
    with filled_by(Served(tmp_path)) as (served, _):
        before = threads_for_clients(served)
        for _ in range(5):
            asks_once(served)
        until(lambda: threads_for_clients(served), lambda found: found <= before, 20)


def asks_once(served: Served) -> None:
    warehouse = Warehouse(served.settings)
    assert warehouse.query("SELECT 1 AS one") == [{"one": 1}]
    warehouse.close()


def threads_for_clients(served: Served) -> int:
    """Of the server: it has one for each open connection, and the engine's have other names."""
    tasks = Path(f"/proc/{served.process.pid}/task")
    return sum(name_of(one) == "python" for one in tasks.iterdir())


def name_of(thread: Path) -> str:
    with suppress(OSError):  # it may end meanwhile
        return (thread / "comm").read_text().strip()
    return ""
