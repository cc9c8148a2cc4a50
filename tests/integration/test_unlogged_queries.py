"""No server writes down what people asked it: names that they searched for, and ids of people."""

from pathlib import Path

import yaml

from adapters.warehouse import TypedRow
from tests.integration.served import filled

CONFIGURATION = Path("deploy/clickhouse/server/quiet.yaml")


class LoggedRow(TypedRow, frozen=True):
    """Whether the server logs this query, with the values of its parameters."""

    is_logged: bool


def test_our_queries_are_in_no_log_of_the_warehouse(tmp_path: Path) -> None:
    with filled(tmp_path) as warehouse:
        asked = "SELECT toBool(getSetting('log_queries')) AS is_logged"
        assert warehouse.query(asked, row=LoggedRow) == [LoggedRow(is_logged=False)]


def test_the_servers_own_log_has_none_either() -> None:
    assert yaml.safe_load(CONFIGURATION.read_text())["logger"]["level"] == "warning"
    assert str(CONFIGURATION.name) in Path("deploy/compose/compose.yaml").read_text()
