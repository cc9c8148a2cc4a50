"""Migration 0016: what was told of people's voices in four tables is told in one, the same as if it had been written there."""

from pathlib import Path

from adapters.warehouse import Row, Warehouse
from tests.integration.served import filled
from tests.reference.history import Recorded, Utterance
from tests.reference.telling import tell

HERE = Path("deploy/clickhouse/migrations")
AFTER_MIDNIGHT_MS = 1_844_078_400_000
SAID = (
    Utterance("S1", "lah", 0),
    Utterance("S2", "leh", 5_000),
    Utterance("S1", "lor", 10 * 3_600_000),
    Utterance("S3", "sia", 7_000),
)
CLAIMS = (("S1", "ann"), ("S2", "beng"), ("S3", "ann"), ("S2", ""), ("S2", "cat"))
TALK, SPOKEN = {"S1": 9_000, "S2": 4_000, "S3": 2_000}, {"S1": 30, "S2": 12, "S3": 3}


def statements(name: str) -> list[str]:
    return [statement for statement in (HERE / name).read_text().split(";\n") if statement.strip()]


def voices(warehouse: Warehouse) -> list[Row]:
    return warehouse.query(
        "SELECT * EXCEPT version FROM user_voices FINAL ORDER BY user_id, session_id, speaker"
    )


def test_voices_are_moved_whole(tmp_path: Path) -> None:
    with filled(tmp_path) as warehouse:
        _moved(warehouse)


def _moved(warehouse: Warehouse) -> None:
    tell(
        warehouse,
        [
            Recorded(
                f"0198-{n}", AFTER_MIDNIGHT_MS, "Asia/Tokyo", 40_000_000, TALK, SPOKEN, SAID, CLAIMS
            )
            for n in range(2)
        ],
    )
    written = voices(warehouse)
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
    warehouse.command(statements("0009_moments.sql")[0])
    warehouse.command(
        "INSERT INTO user_moments SELECT user_id, session_id, speaker, words, said_ms, said_days, version FROM user_voices FINAL"
    )
    warehouse.command("TRUNCATE TABLE user_voices")
    for statement in statements("0016_user_voices.sql"):
        warehouse.command(statement)
    assert voices(warehouse) == written
