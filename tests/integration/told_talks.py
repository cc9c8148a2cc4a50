"""Talks that analysts are told of, by people who say all of the words."""

from datetime import UTC, datetime

from adapters.warehouse import Warehouse
from schemas.days import unix_ms_of
from tests.reference.history import Recorded, Utterance


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
