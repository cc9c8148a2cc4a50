"""No view for analysts tells of four people, nor a rate of few words."""

import re
from itertools import chain
from pathlib import Path

from adapters.warehouse import TypedRow, Warehouse
from api.figures import LEAST_FOR_RATE
from tests.integration.told_talks import FIVE, FOUR, HISTORY, session, worked
from tests.reference.history import Recorded
from tests.reference.telling import tell

ROLES = Path("deploy/clickhouse/server/0001_analyst.sql")
GRANTED = re.compile(r"GRANT SELECT ON (\w+) TO analyst")
GRAFANA_S = 60 + 5
"""Its data source waits for a minute by itself, and its client adds five seconds."""
OF_NOBODY = {"lexicon_current", "changes"}
"""Views of words and of versions."""
RATES = (
    "SELECT word, words_spoken, rate_per_1000 FROM word_trends",
    "SELECT counts, words_spoken, rate_per_1000 FROM sessions_overview",
)


class Values(TypedRow, frozen=True):
    """Values of a column, or of a row."""

    of: list[str]


def test_no_view_of_analysts_tells_of_four_people(warehouse: Warehouse) -> None:
    """Before, `pipeline_health` told how many record just now, and when the newest had begun."""
    views = set(GRANTED.findall(ROLES.read_text())) - OF_NOBODY
    assert {"word_trends", "sessions_overview", "speaker_words", "stage_costs"} <= views
    tell(warehouse, [session("m1", 1, FOUR, "lah lah lor")])
    assert warehouse.query("SELECT * FROM pipeline_health") != []
    asked = "SELECT * FROM {view:Identifier}"
    told = {view: warehouse.query(asked, {"view": view}) for view in views}
    assert {view: rows for view, rows in told.items() if rows} == {}


def test_no_error_tells_of_a_cell_that_is_not_told(warehouse: Warehouse) -> None:
    """Before, a condition on `stage_costs` met months of one person: its error told of them.

    Conditions on words meet all words of the lexicon, which are no secret.
    """
    tell(warehouse, [*HISTORY, session("m9", 11, FOUR, "no-word-of-the-lexicon")])
    worked(warehouse)
    known = warehouse.query("SELECT [word, category] AS of FROM lexicon_current", row=Values)
    for view in GRANTED.findall(ROLES.read_text()):
        for column in warehouse.query("SELECT * FROM {view:Identifier}", {"view": view})[0]:
            asked = f"SELECT groupUniqArray(toString({column})) AS of FROM {view}"  # noqa: S608
            (told,) = warehouse.query(asked, row=Values)
            parameters = {"told": [*told.of, *chain.from_iterable(one.of for one in known)]}
            condition = f"throwIf(NOT has({{told:Array(String)}}, toString({column})))"
            query = f"SELECT * FROM {view} WHERE {condition}"  # noqa: S608
            assert warehouse.query(query, parameters) == []


def test_the_engine_knows_each_statement_of_the_roles(warehouse: Warehouse) -> None:
    for statement in ROLES.read_text().split(";\n"):
        assert warehouse.query(f"EXPLAIN AST {statement}")


def test_grafana_may_say_how_long_a_question_may_take() -> None:
    """Before, each of its panels was an error: a setting was changed in readonly mode."""
    time = r"readonly = 1, max_execution_time = \d+ MAX (\d+) CHANGEABLE_IN_READONLY,"
    (most_s,) = re.findall(time, ROLES.read_text())
    assert int(most_s) >= GRAFANA_S


def test_nobody_uses_up_what_another_analyst_may_ask() -> None:
    """Before, all analysts and Grafana shared what one of them may ask in an hour."""
    assert re.findall(r"CREATE QUOTA .* FOR", ROLES.read_text()) == [
        "CREATE QUOTA OR REPLACE analyst KEYED BY user_name FOR"
    ]


def test_a_rate_of_few_words_is_not_told(warehouse: Warehouse) -> None:
    """Before, five people who said a hundred words had a rate, which one word moves by ten."""
    one = session("m1", 1, FIVE, "lah")
    for spoken, expected in ((LEAST_FOR_RATE - 1, None), (LEAST_FOR_RATE, 10.0)):
        each = dict.fromkeys(one.spoken, 100) | {"S1": spoken - 400}
        tell(warehouse, [Recorded(**{**vars(one), "spoken": each})])
        told = [[tuple(row.values()) for row in warehouse.query(asked)] for asked in RATES]
        assert told == [[("lah", spoken, expected)], [(5, spoken, expected)]]
