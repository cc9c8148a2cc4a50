"""Pure: days added up to weeks and months, with nothing left out."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Literal

from adapters.warehouse import Row
from api.figures import rate

Granularity = Literal["day", "week", "month"]


def starts(granularity: Granularity, limit: int, today: date) -> list[date]:
    """First days of the last `limit` days, weeks (from Monday) or months, the present one last."""
    if granularity == "month":
        months = [today.year * 12 + today.month - 1 - n for n in range(limit)]
        return [date(month // 12, month % 12 + 1, 1) for month in reversed(months)]
    step = timedelta(days=1 if granularity == "day" else 7)
    newest = today if granularity == "day" else today - timedelta(days=today.weekday())
    return [newest - step * n for n in reversed(range(limit))]


def trend(rows: Sequence[Row], found: Sequence[date]) -> list[dict[str, Any]]:
    """Counts and words of each bucket, zeros too; `found` are the first days of the buckets, in order."""
    sums = {first: [0, 0] for first in found}
    for row in rows:
        first = max(first for first in found if first <= row["day"])
        sums[first][0] += int(row["counts_"])
        sums[first][1] += int(row["spoken_"])
    return [
        {
            "from": first.isoformat(),
            "counts": counts,
            "words_spoken": spoken,
            "rate_per_1000": rate(counts, spoken),
        }
        for first, (counts, spoken) in sums.items()
    ]
