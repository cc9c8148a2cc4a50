"""The views for analysts against plain Python: nothing is told about fewer than five people."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from typing import Any

from adapters.warehouse import Warehouse
from consumers.rollup.step import recompute
from schemas.days import unix_ms_of
from tests.integration.told_talks import FIVE, FOUR, HISTORY, session, worked
from tests.reference.history import Recorded, Utterance
from tests.reference.telling import put_all, rows, tell, tell_more


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


def paused(warehouse: Warehouse, session_id: str, missing_ms: int) -> None:
    """Nothing came of the beginning of this quarter of an hour."""
    row = [session_id, 1, "1", [(0, missing_ms)], 900_000, 1]
    columns = ["session_id", "generation", "lexicon", "missing", "total_ms", "version"]
    warehouse.insert("session_totals", columns, [row])


def test_an_hour_of_audio_has_no_gaps(warehouse: Warehouse) -> None:
    """Before, an hour of which half was a pause cost half."""
    tell(warehouse, [])
    worked(warehouse)
    for n in range(5):
        paused(warehouse, f"w{n}", 450_000)
    asked = "SELECT seconds_per_hour FROM stage_costs WHERE stage = 'diarize'"
    assert warehouse.query(asked) == [{"seconds_per_hour": 720.0}]
    for n in range(5):
        paused(warehouse, f"w{n}", 900_000)
    assert warehouse.query(asked) == []  # nothing was heard at all


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


def test_a_rate_is_of_the_words_of_five_people_too(warehouse: Warehouse) -> None:
    """The words of a day are renewed when five people's changed, those of one word later.

    Before, the words that four people spoke were told beside a word that five had said.
    """
    said = session("m1", 1, CROWD[:5], "lah")
    others = session("m2", 1, CROWD[5:8], "kopi")
    tell(warehouse, [said, others])
    asked = "SELECT word, words_spoken FROM word_trends"
    assert warehouse.query(asked) == [{"word": "lah", "words_spoken": 800}]
    tell_more(warehouse, [without(said, 2), without(others, 3)])
    people = "SELECT length(users) AS n FROM published_days FINAL WHERE notEmpty(users)"
    assert warehouse.query(people) == [{"n": 4}]
    assert warehouse.query(asked) == []


def test_nobody_known_is_no_fifth_person(warehouse: Warehouse) -> None:
    """Counts may come before the listing of their session, and a listing may be a dead letter.

    Before, whoever recorded such a session was one more person, without an id.
    """
    four_claimed = session("m1", 1, [*FOUR, ""], "lah")
    tell(warehouse, [])
    put_all(warehouse, (row for row in rows(four_claimed) if row[0] != "sessions"))
    recompute(warehouse, ["2028-03-01"])
    assert looked(warehouse)[:2] == [[], []]
    assert warehouse.query("SELECT users FROM published_words FINAL WHERE has(users, '')") == []


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
        tell_more(warehouse, [without(talk, leaving)])
        assert looked(warehouse) == before
    tell_more(warehouse, [without(talk, 5)])
    assert looked(warehouse) != before  # what five people changed is shown, and is theirs together


def test_one_person_who_joins_or_says_more_is_not_told_apart(warehouse: Warehouse) -> None:
    talk = session("m1", 1, CROWD[:8], "lah lah lor")
    tell(warehouse, [talk])
    before = looked(warehouse)
    tell_more(warehouse, [talk, session("m2", 1, [CROWD[8]], "lah lah lah shiok")])
    assert looked(warehouse) == before
    tell_more(
        warehouse,
        [
            talk,
            session("m2", 1, [CROWD[8]], "lah lah lah shiok"),
            session("m3", 1, [CROWD[0]], "lor lah"),
        ],
    )
    assert looked(warehouse) == before
    tell_more(warehouse, [talk, session("m4", 1, CROWD[4:12], "lah")])
    assert looked(warehouse) != before
