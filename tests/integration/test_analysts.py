"""The views for analysts.

The views against plain Python, nothing about fewer than five people, every query of the cookbook.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.warehouse import Warehouse
from deploy.generators import data_dictionary
from schemas.days import unix_ms_of
from tests.integration.served import filled
from tests.reference.history import Recorded, Utterance
from tests.reference.telling import tell, tell_more

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


def session(name: str, day: int, people: list[str], words: str) -> Recorded:
    """Everybody claims a voice and says all of the words, a second apart."""
    start = unix_ms_of(datetime(2028, 3, day, 10, tzinfo=UTC))
    voices = [f"S{n + 1}" for n in range(len(people))]
    said = tuple(
        Utterance(v, w, 1000 * n)
        for n, (v, w) in enumerate((v, w) for v in voices for w in words.split())
    )
    claims = tuple((v, person) for v, person in zip(voices, people, strict=True) if person)
    return Recorded(
        name,
        start,
        "Asia/Singapore",
        900_000,
        dict.fromkeys(voices, 60_000),
        dict.fromkeys(voices, 100),
        said,
        claims,
    )


FOUR = ["a", "b", "c", "d"]
FIVE = ["a", "b", "c", "d", "e"]
HISTORY = [
    session("m1", 1, FIVE, "lah lah lor"),
    session("m2", 1, ["a"], "paiseh paiseh"),
    session("m3", 2, FOUR, "lah kopi"),
    session("m4", 8, [*FIVE, "f"], "lah shiok lor"),
    session("m5", 9, ["a", "b"], "walao"),
    session("m6", 9, ["b", "c"], "walao"),
    session("m7", 9, ["a", "c"], "walao"),
    session("m8", 10, ["", "", "", "", "", ""], "lah"),
]


def worked(warehouse: Warehouse) -> None:
    """Five people recorded a quarter of an hour each.

    Between the third and the fourth a larger model came, which costs twice as much.
    """
    warehouse.command("TRUNCATE TABLE window_work")
    work = []
    for n, day in enumerate((1, 1, 2, 8, 9)):
        at = datetime(2028, 3, day, 10, tzinfo=UTC)
        large = day > 5
        listed = [f"w{n}", f"recorder {n}", "completed", 1, at, "Asia/Singapore", 900_000, 13]
        warehouse.insert(
            "sessions",
            [
                "session_id",
                "owner",
                "state",
                "generation",
                "recorded_at",
                "time_zone",
                "audio_ms",
                "version",
            ],
            [listed],
        )
        work += [
            [
                f"w{n}",
                "transcribe",
                window,
                1,
                "large" if large else "base",
                180_000 if large else 90_000,
                "",
                at,
            ]
            for window in range(2)
        ]
        work += [
            [f"w{n}", "diarize", window, 1, "community-1", 45_000, "", at] for window in range(2)
        ]
    warehouse.insert(
        "window_work",
        ["session_id", "stage", "window", "revision", "model", "work_ms", "failed", "done_at"],
        work,
    )


def test_costs_are_told_only_of_five_peoples_audio(warehouse: Warehouse) -> None:
    tell(warehouse, [])
    worked(warehouse)
    told = {
        (row["stage"], row["model"]): row["seconds_per_hour"]
        for row in warehouse.query("SELECT * FROM stage_costs")
    }
    assert told == {
        ("diarize", "community-1"): 360.0
    }  # three recorded with the one model, two with the other
    warehouse.command(
        "ALTER TABLE window_work UPDATE model = 'base' WHERE 1 SETTINGS mutations_sync = 1"
    )
    told = {
        (row["stage"], row["model"]): row["seconds_per_hour"]
        for row in warehouse.query("SELECT * FROM stage_costs WHERE stage = 'transcribe'")
    }
    assert told == {("transcribe", "base"): 1008.0}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with filled(tmp_path_factory.mktemp("analysts")) as found:
        yield found


def trends(sessions: list[Recorded]) -> dict[tuple[date, str], int]:
    """Counts by day and word, where at least five people said it.

    The owner stands for voices that nobody claimed.
    """
    counts = Counter[tuple[date, str]]()
    people = defaultdict[tuple[date, str], set[str]](set)
    for one in sessions:
        for u in one.final:
            cell = (one.day(u.at_ms), u.word)
            counts[cell] += 1
            people[cell].add(one.owner(u.speaker) or "owner")
    return {cell: n for cell, n in counts.items() if len(people[cell]) >= 5}


def test_trends_are_exact_and_small_cells_are_not_there(warehouse: Warehouse) -> None:
    tell(warehouse, HISTORY)
    found = {
        (r["day"], r["word"]): r["counts"]
        for r in warehouse.query("SELECT day, word, counts FROM word_trends")
    }
    assert found == trends(HISTORY) != {}
    # One person alone, four together, the same three in three sessions, six voices of one phone:
    # none of them shows.
    assert not {word for _, word in found} & {"paiseh", "kopi", "walao"}
    assert not [day for day, _ in found if day == date(2028, 3, 10)]


def test_rates_are_counts_per_thousand_words(warehouse: Warehouse) -> None:
    tell(warehouse, HISTORY)
    rows = warehouse.query("SELECT * FROM word_trends WHERE day = '2028-03-01' AND word = 'lah'")
    assert [(r["counts"], r["words_spoken"], r["rate_per_1000"]) for r in rows] == [
        (10, 600, round(10_000 / 600, 3))
    ]
    overview = warehouse.query("SELECT * FROM sessions_overview ORDER BY day")
    # Without what one person alone said: a total with it, less the words that are shown, would
    # tell.
    assert [(r["day"].day, r["sessions"], r["people"], r["counts"]) for r in overview] == [
        (1, 2, 5, 15),
        (8, 1, 6, 18),
    ]


def test_a_released_voice_is_no_longer_a_person(warehouse: Warehouse) -> None:
    released = [session("m1", 1, FIVE, "lah"), *HISTORY[1:]]
    gone = Recorded(**{**vars(released[0]), "claims": (*released[0].claims, ("S5", ""))})
    tell(warehouse, [gone, *released[1:]])
    # Four who claimed, and the recorder for the voice that is free again, are five; with another
    # released, four.
    assert warehouse.query(
        "SELECT counts FROM word_trends WHERE day = '2028-03-01' AND word = 'lah'"
    ) == [{"counts": 5}]
    fewer = Recorded(**{**vars(gone), "claims": (*gone.claims, ("S4", ""))})
    tell(warehouse, [fewer, *released[1:]])
    assert (
        warehouse.query("SELECT counts FROM word_trends WHERE day = '2028-03-01' AND word = 'lah'")
        == []
    )


def test_after_four_in_the_morning_whoever_recorded_still_stands_for_unclaimed_voices(
    warehouse: Warehouse,
) -> None:
    start = unix_ms_of(
        datetime(2028, 3, 1, 19, 59, 50, tzinfo=UTC)
    )  # ten seconds before 04:00 in Singapore
    voices = [f"S{n}" for n in range(1, 7)]
    said = tuple(Utterance(voice, "lah", 15_000 + n) for n, voice in enumerate(voices))
    claims = tuple(zip(voices[:4], FOUR, strict=True))
    tell(
        warehouse,
        [
            Recorded(
                "m1",
                start,
                "Asia/Singapore",
                60_000,
                dict.fromkeys(voices, 9_000),
                dict.fromkeys(voices, 9),
                said,
                claims,
            )
        ],
    )
    rows = warehouse.query(
        "SELECT day, arraySort(users) AS people FROM published_words FINAL WHERE notEmpty(users)"
    )
    assert rows == [{"day": date(2028, 3, 2), "people": [*FOUR, "owner"]}]


CROWD = [f"person {n}" for n in range(12)]
LOOKS = (
    "SELECT * FROM word_trends ORDER BY ALL",
    "SELECT * FROM sessions_overview ORDER BY ALL",
    "SELECT * FROM speaker_words ORDER BY ALL",
)


def looked(warehouse: Warehouse) -> list[Any]:
    return [warehouse.query(look) for look in LOOKS]


def without(talk: Recorded, leaving: int) -> Recorded:
    """The last people of it take their claims back."""
    gone = tuple((voice, "") for voice, _ in talk.claims[len(talk.claims) - leaving :])
    return Recorded(**{**vars(talk), "claims": (*talk.claims, *gone)})


def test_one_person_who_leaves_between_two_looks_is_not_told_apart(warehouse: Warehouse) -> None:
    talk = session("m1", 1, CROWD, "lah lah lor")
    tell(warehouse, [talk])
    before = looked(warehouse)
    assert all(before)
    for leaving in (1, 2, 3):  # of whom whoever recorded stands for one
        tell_more(warehouse, [without(talk, leaving)], 1 + leaving)
        assert looked(warehouse) == before
    tell_more(warehouse, [without(talk, 5)], 9)
    assert looked(warehouse) != before  # what five people changed is shown, and is theirs together


def test_one_person_who_joins_or_says_more_is_not_told_apart(warehouse: Warehouse) -> None:
    talk = session("m1", 1, CROWD[:8], "lah lah lor")
    tell(warehouse, [talk])
    before = looked(warehouse)
    tell_more(warehouse, [talk, session("m2", 1, [CROWD[8]], "lah lah lah shiok")], 2)
    assert looked(warehouse) == before
    tell_more(
        warehouse,
        [
            talk,
            session("m2", 1, [CROWD[8]], "lah lah lah shiok"),
            session("m3", 1, [CROWD[0]], "lor lah"),
        ],
        3,
    )
    assert looked(warehouse) == before
    tell_more(warehouse, [talk, session("m4", 1, CROWD[4:12], "lah")], 4)
    assert looked(warehouse) != before


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
