"""Every query of the cookbook, and that every column of every view is explained."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from adapters.objects.lexicons import shipped_lexicon
from adapters.warehouse import Warehouse
from api.lexicon import lexicon_of
from deploy.generators import data_dictionary
from deploy.prepare.tables import load_lexicon
from tests.integration.told_talks import FIVE, HISTORY, session, worked
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


def answer(warehouse: Warehouse, title: str) -> list[tuple[Any, ...]]:
    """The rows of the recipe with this title."""
    (sql,) = [sql for question, _, sql in RECIPES if question.startswith(title)]
    return [tuple(row.values()) for row in warehouse.query(sql)]


THREE_WEEKS = [
    session("m1", 1, FIVE, "lah lah"),
    session("m2", 8, FIVE, "lor"),
    session("m3", 15, FIVE, "lah"),
]


def test_a_week_is_compared_with_the_week_before(warehouse: Warehouse) -> None:
    """Before, with the last week in which the word was said; one that nobody said was left out."""
    tell(warehouse, THREE_WEEKS)
    second, third = date(2028, 3, 6), date(2028, 3, 13)
    assert answer(warehouse, "Which words moved most") == [
        (second, "lah", 0, -10),
        (third, "lah", 5, 5),
        (second, "lor", 5, 5),
        (third, "lor", 0, -5),
    ]


def test_a_mean_of_seven_days_is_of_no_other_days(warehouse: Warehouse) -> None:
    """Before, of the last seven days on which the word was said."""
    tell(warehouse, THREE_WEEKS)
    assert answer(warehouse, "How does a word go") == [
        (date(2028, 3, 1), 10, 10.0),
        (date(2028, 3, 15), 5, 5.0),
    ]


def test_hours_of_audio_are_those_without_a_count_too(warehouse: Warehouse) -> None:
    tell(warehouse, [*THREE_WEEKS, session("m4", 16, FIVE, "")])
    assert answer(warehouse, "Does a new lexicon") == [("1", 4, 20, 20.0)]
    gaps = "SELECT * REPLACE ([(0, 450000)] AS missing, version + 1 AS version) FROM session_totals"
    warehouse.command(f"INSERT INTO session_totals {gaps} FINAL")
    assert answer(warehouse, "Does a new lexicon") == [("1", 4, 20, 40.0)]


def test_an_echo_is_one_however_often_the_word_was_said_before(warehouse: Warehouse) -> None:
    """Before, one word that followed two was two."""
    tell(warehouse, [session("m1", 1, ["a", "b"], "lah lah")])
    # a says it at 0 and 1 s, b at 2 and 3 s.
    assert answer(warehouse, "Who makes whom") == [("a", "b", 2)]


def test_what_was_not_measured_before_a_change_is_told_as_nothing(warehouse: Warehouse) -> None:
    """Before, as a rate that is no number, which no dashboard can draw."""
    tell(warehouse, THREE_WEEKS[:1])
    worked(warehouse)
    found = {
        (what, name): (before, after)
        for _, what, name, before, after in answer(warehouse, "Does a new model")
    }
    assert found["transcribe", "base"] == (None, 20.0)


def test_a_word_that_left_the_lexicon_is_not_of_the_current_one(warehouse: Warehouse) -> None:
    shipped = shipped_lexicon()
    kept = replace(shipped, version=f"{shipped.version}0", words=shipped.words[1:])
    load_lexicon(warehouse, kept)
    try:
        found = warehouse.query("SELECT word, version FROM lexicon_current")
        assert {row["word"] for row in found} == {entry.word for entry in kept.words}
        assert {row["version"] for row in found} == {kept.version}
        # A version is no number: the tenth is the newest, and is before the ninth in the alphabet.
        assert {row.version for row in lexicon_of(warehouse)} == {kept.version}
    finally:
        warehouse.command("TRUNCATE TABLE lexicon")
        load_lexicon(warehouse, shipped)


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
