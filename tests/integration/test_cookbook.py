"""Every query of the cookbook, and that every column of every view is explained."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.warehouse import Warehouse
from deploy.generators import data_dictionary
from tests.integration.served import filled
from tests.integration.told_talks import HISTORY, worked
from tests.reference.telling import tell

VIEWS = (
    "word_trends",
    "sessions_overview",
    "speaker_words",
    "lexicon_current",
    "pipeline_health",
    "changes",
    "stage_costs",
)
RECIPE = re.compile(r"## (.+?)\n`(.+?)`\n```sql\n(.+?)```", re.DOTALL)
RECIPES = RECIPE.findall(Path("docs/cookbook.md").read_text())


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with filled(tmp_path_factory.mktemp("cookbook")) as found:
        yield found


def test_every_column_of_every_view_is_explained(warehouse: Warehouse) -> None:
    asked = "SELECT table, name, comment FROM system.columns WHERE database = currentDatabase()"
    columns = [row for row in warehouse.query(asked) if row["table"] in VIEWS]
    assert {row["table"] for row in columns} == set(VIEWS)
    assert [row for row in columns if len(row["comment"]) < 8] == []


@pytest.mark.parametrize(
    ("title", "columns", "sql"), RECIPES, ids=[title for title, _, _ in RECIPES]
)
def test_the_cookbook(warehouse: Warehouse, title: str, columns: str, sql: str) -> None:
    tell(warehouse, HISTORY)
    worked(warehouse)
    warehouse.command("TRUNCATE TABLE dead_letters")
    now = datetime(2028, 3, 10, tzinfo=UTC)
    letter: dict[str, Any] = {
        "topic": "t",
        "partition": 0,
        "offset": 1,
        "reason": "undecodable_audio",
        "stage": "transcribe",
        "seen_at": now,
    }
    warehouse.insert("dead_letters", list(letter), [list(letter.values())])
    rows = warehouse.query(sql)
    assert rows, title
    assert [*rows[0]] == columns.split(", ")


def test_what_only_a_server_runs_is_at_least_well_made(warehouse: Warehouse) -> None:
    statements = [
        text
        for path in Path("deploy/clickhouse/server").glob("*.sql")
        for text in path.read_text().split(";\n")
        if text.strip()
    ]
    assert len(statements) > 10
    for statement in statements:
        warehouse.query("SELECT formatQuery({statement:String}) AS whole", {"statement": statement})
    with pytest.raises(Exception, match="Syntax error"):
        warehouse.query(
            "SELECT formatQuery({statement:String}) AS whole",
            {"statement": "GRANT SELECT ONTO word_trends"},
        )


def test_the_dictionary_is_fresh() -> None:
    fresh = data_dictionary.PAGE.read_text() == data_dictionary.generate()
    assert fresh, "run `python -m deploy.generators.data_dictionary`"


def test_no_question_counts_what_was_struck_or_nobody_confirmed() -> None:
    assert [title for title, _, sql in RECIPES if "word_events" in sql] == []


def test_the_cookbook_is_read() -> None:
    assert len(RECIPES) == Path("docs/cookbook.md").read_text().count("```sql") >= 20
