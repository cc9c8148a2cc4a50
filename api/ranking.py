"""Pure: places on a board, and where one stands."""

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.warehouse import Row
from api.figures import rate


def ranked(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows with `counts`, most first; equal counts share a rank, and the next rank is as if they did not (1, 2, 2, 4)."""
    found: list[dict[str, Any]] = []
    for n, row in enumerate(
        sorted(rows, key=lambda row: (-row["counts"], row["user_id"])), start=1
    ):
        rank = found[-1]["rank"] if found and found[-1]["counts"] == row["counts"] else n
        found.append({"rank": rank, **row})
    return found


def percentile(counts: int, others: Sequence[int]) -> float | None:
    """Share of the other active people with strictly fewer counts, per cent (contracts, section 3); None alone, or without a count."""
    active = [other for other in others if other > 0]
    return (
        round(100 * sum(other < counts for other in active) / len(active), 1)
        if active and counts
        else None
    )


def board(members: Sequence[Row], totals: Sequence[Row]) -> list[dict[str, Any]]:
    """Every member with a place, also those who said nothing."""
    said = {row["user_id"]: row for row in totals}
    rows = []
    for member in members:
        counts, spoken = (
            int(said[member["user_id"]][name]) if member["user_id"] in said else 0
            for name in ("counts_", "spoken_")
        )
        name = {"user_id": member["user_id"], "display_name": member["display_name"]}
        rows.append(
            {
                **name,
                "counts": counts,
                "words_spoken": spoken,
                "rate_per_1000": rate(counts, spoken),
            }
        )
    return ranked(rows)
