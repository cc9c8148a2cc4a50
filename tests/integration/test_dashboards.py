"""Every query of every dashboard on the real engine.

Macros and variables are expanded as Grafana does it: one value, all, none.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.objects.lexicons import shipped_lexicon
from adapters.warehouse import Warehouse
from deploy.grafana import dashboard_json
from deploy.grafana.boards import BOARDS, CHANGES, Board, Panel
from tests.integration.served import filled
from tests.integration.told_talks import FIVE, HISTORY, session, worked
from tests.reference.telling import tell

PANELS = [(board, panel) for board in BOARDS for panel in board.panels if not panel.promql]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with filled(tmp_path_factory.mktemp("dashboards")) as found:
        tell(found, HISTORY)
        worked(found)
        found.insert(
            "dead_letters",
            ["topic", "partition", "offset", "reason", "stage", "seen_at"],
            [["t", 0, 1, "not_json", "sink", 1_800_000_000]],
        )
        yield found


def expanded(sql: str, chosen: dict[str, list[str]]) -> str:
    """$__dateFilter and ${name:singlequote}, as Grafana and its data source write them."""
    sql = re.sub(
        r"\$__dateFilter\((\w+)\)",
        r"\1 >= toDate('2028-02-01') AND \1 <= toDate('2028-04-01')",
        sql,
    )
    return re.sub(
        r"\$\{(\w+):singlequote\}",
        lambda found: ",".join(f"'{value}'" for value in chosen[found[1]]) or "''",
        sql,
    )


def values(warehouse: Warehouse, board: Board) -> dict[str, list[str]]:
    return {
        name: [str(next(iter(row.values()))) for row in warehouse.query(query)]
        for name, query in board.choices
    }


@pytest.mark.parametrize(
    ("board", "panel"), PANELS, ids=[f"{board.title}: {panel.title}" for board, panel in PANELS]
)
def test_a_panel_answers(warehouse: Warehouse, board: Board, panel: Panel) -> None:
    every = values(warehouse, board)
    rows = warehouse.query(expanded(panel.query, every))
    assert rows
    if panel.kind == "timeseries":
        assert next(iter(rows[0])) == "time"
        assert all(isinstance(value, int | float | str) for value in list(rows[0].values())[1:])
    one = {name: found[:1] for name, found in every.items()} | (
        {"word": ["lah"], "category": every["category"]} if every else {}
    )
    assert warehouse.query(expanded(panel.query, one))
    none = warehouse.query(expanded(panel.query, {name: [] for name in every}))
    assert none == [] or "${" not in panel.query


def rows_of(warehouse: Warehouse, title: str) -> list[tuple[Any, ...]]:
    """The answer of one panel, with everything chosen."""
    ((board, panel),) = [found for found in PANELS if found[1].title == title]
    found = warehouse.query(expanded(panel.query, values(warehouse, board)))
    return [tuple(row.values()) for row in found]


def test_movers_are_words_of_seven_days_beside_the_seven_before(warehouse: Warehouse) -> None:
    """Before, each word came once more for every week, in place of words that nobody said."""
    tell(warehouse, [*HISTORY, session("m9", 1, FIVE, "sia sia sia")])
    try:
        found = rows_of(warehouse, "Movers")
    finally:
        tell(warehouse, HISTORY)
        worked(warehouse)
    assert found == [("sia", 0, -15), ("shiok", 6, 6), ("lah", 6, -4), ("lor", 6, 1)]


def test_a_week_that_has_begun_is_not_held_against_a_whole_one(warehouse: Warehouse) -> None:
    """Before, on Mondays every word was said less than in the week before."""
    monday = session("m9", 13, FIVE, "lah")
    tell(warehouse, [*HISTORY, monday])
    try:
        rows = rows_of(warehouse, "Movers")
    finally:
        tell(warehouse, HISTORY)
        worked(warehouse)
    assert rows == [("shiok", 6, 6), ("lah", 11, 1), ("lor", 6, 1)]


def test_words_of_a_group_can_be_chosen_too(warehouse: Warehouse) -> None:
    """Before, categories were those of everybody's lexicon: a group's own word was in no panel."""
    tell(warehouse, [*HISTORY, session("m9", 9, FIVE, "sotong")])
    row = ["sotong", "ours", "", "1-own", datetime(1970, 1, 1, tzinfo=UTC)]
    warehouse.insert("lexicon", ["word", "category", "emoji", "version", "loaded_at"], [row])
    try:
        found = rows_of(warehouse, "Most said")
    finally:
        tell(warehouse, HISTORY)
        worked(warehouse)
    assert ("sotong", 5) in found


def test_each_state_is_one_bar(warehouse: Warehouse) -> None:
    failed = [[f"f{n}", "failed", failure] for n, failure in enumerate(("speakers", "counts"))]
    warehouse.insert("sessions", ["session_id", "state", "failure"], failed)
    bars = rows_of(warehouse, "Sessions by state")
    assert len(dict(bars)) == len(bars)
    assert dict(bars)["failed"] == 2


def test_choices_and_annotations_answer(warehouse: Warehouse) -> None:
    assert all(found for board in BOARDS for found in values(warehouse, board).values())
    drawn = warehouse.query(CHANGES.replace("$__timeFilter(time)", "true"))
    assert [row["text"] for row in drawn if row["text"].startswith("lexicon")] == [
        f"lexicon: {shipped_lexicon().version}"
    ]
    assert {row["text"] for row in drawn if not row["text"].startswith("lexicon")} == {
        "transcribe: base",
        "transcribe: large",
        "diarize: community-1",
    }


def test_days_are_drawn_on_their_own_day_wherever_somebody_looks() -> None:
    """Before, in New York each day was drawn on the evening before."""
    zones = {board.title: dashboard_json.dashboard(board)["timezone"] for board in BOARDS}
    assert zones == {"Word trends": "utc", "Pipeline health": "browser"}


def test_every_panel_says_what_it_shows_and_the_files_are_these() -> None:
    assert all(len(panel.what) > 20 for board in BOARDS for panel in board.panels)
    stale = [path for path, text in dashboard_json.files().items() if path.read_text() != text]
    assert stale == []
