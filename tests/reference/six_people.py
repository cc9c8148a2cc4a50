"""Six people of one evening, for tests of figures that five or more people are behind."""

from datetime import UTC, datetime

from schemas.days import unix_ms_of
from tests.reference.history import Recorded, Utterance

DAY = "2028-03-01"


def said_by_all(*words: str) -> list[Recorded]:
    """Six people, each in a session of the same evening, who all say the same words."""
    start = unix_ms_of(datetime(2028, 3, 1, 12, tzinfo=UTC))
    said = tuple(Utterance("S1", word, n * 1_000) for n, word in enumerate(words))
    return [
        Recorded(
            f"c{n}", start, "UTC", 60_000, {"S1": 9_000}, {"S1": 9}, said, (("S1", f"p{n}"),), said
        )
        for n in range(6)
    ]
