"""Rows of people's voices in the warehouse after claims, releases and new claims."""

from pathlib import Path

from adapters.warehouse import Row, Warehouse
from tests.integration.served import filled
from tests.reference.history import Recorded, Utterance
from tests.reference.telling import tell

AFTER_MIDNIGHT_MS = 1_844_078_400_000
SAID = (
    Utterance("S1", "lah", 0),
    Utterance("S2", "leh", 5_000),
    Utterance("S1", "lor", 10 * 3_600_000),
    Utterance("S3", "sia", 7_000),
)
CLAIMS = (("S1", "ann"), ("S2", "beng"), ("S3", "ann"), ("S2", ""), ("S2", "cat"))
TALK = {"S1": 9_000, "S2": 4_000, "S3": 2_000}
SPOKEN = {"S1": 30, "S2": 12, "S3": 3}


def voices(warehouse: Warehouse) -> list[Row]:
    return warehouse.query(
        "SELECT * EXCEPT version FROM user_voices FINAL ORDER BY user_id, session_id, speaker"
    )


def recorded(number: int) -> Recorded:
    return Recorded(
        f"0198-{number}",
        AFTER_MIDNIGHT_MS,
        "Asia/Tokyo",
        40_000_000,
        TALK,
        SPOKEN,
        SAID,
        CLAIMS,
    )


def test_a_voice_has_its_words_and_its_company(tmp_path: Path) -> None:
    with filled(tmp_path) as warehouse:
        tell(warehouse, [recorded(0), recorded(1)])
        written = voices(warehouse)
        words = warehouse.query(
            "SELECT user_id, speaker, word, count, spoken, talk_ms FROM user_words"
            " WHERE session_id = '0198-0' ORDER BY user_id, speaker, day, word"
        )
    told = [
        (row["user_id"], row["speaker"], row["company"], len(row["words"]))
        for row in written
        if row["session_id"] == "0198-0"
    ]
    assert told == [
        ("ann", "S1", ["cat"], 2),
        ("ann", "S3", ["cat"], 1),
        ("beng", "S2", [], 0),
        ("cat", "S2", ["ann"], 1),
    ]
    assert {row["time_zone"] for row in written if row["user_id"] == "beng"} == {""}
    assert [tuple(row.values()) for row in words] == [
        ("ann", "S1", "", 0, 30, 9_000),
        ("ann", "S1", "lah", 1, 0, 0),
        ("ann", "S1", "", 0, 0, 0),
        ("ann", "S1", "lor", 1, 0, 0),
        ("ann", "S3", "", 0, 3, 2_000),
        ("ann", "S3", "sia", 1, 0, 0),
        ("beng", "S2", "", 0, 0, 0),
        ("cat", "S2", "", 0, 12, 4_000),
        ("cat", "S2", "leh", 1, 0, 0),
    ]
