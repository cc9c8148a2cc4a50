"""Pure: rows of the warehouse as people read them."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from adapters.warehouse import Row

LEAST_FOR_RATE = 500
"""No Singlish rate under this many words (contracts, section 3)."""


def rate(counts: int, words: int) -> float | None:
    """Counts per 1,000 words; None where there are too few words to tell."""
    return round(1000 * counts / words, 1) if words >= LEAST_FOR_RATE else None


def by_speaker(rows: list[Row]) -> dict[str, list[Row]]:
    """Rows of each speaker."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["speaker"], []).append(row)
    return found


def _counts(rows: list[Row]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in rows:
        if row["word"] and row["count"]:
            counts[row["word"]] = counts.get(row["word"], 0) + row["count"]
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def totals(rows: list[Row], emoji: Mapping[str, str]) -> dict[str, Any]:
    """One speaker: talk, turns, overlap, words with emoji."""
    talk, overlap = sum(r["talk_ms"] for r in rows), sum(r["overlap_ms"] for r in rows)
    words = [{"word": w, "count": n, "emoji": emoji.get(w, "")} for w, n in _counts(rows).items()]
    return {
        "talk_s": talk / 1000,
        "turns": sum(r["turns"] for r in rows),
        "overlap_share": round(overlap / talk, 3) if talk else 0.0,
        "words": words,
    }


def rates(rows: list[Row]) -> dict[str, Any]:
    """Words, Singlish words and their rate."""
    counts, spoken = _counts(rows), sum(r["spoken"] for r in rows)
    singlish = sum(counts.values())
    shared = {
        "rate_per_1000": rate(singlish, spoken),
        "top_word": next(iter(counts), None),
        "words": counts,
    }
    return {"words_spoken": spoken, "singlish_words": singlish, **shared}


def claim(row: Row | None) -> dict[str, Any] | None:
    """Who claimed a voice, and when; None when nobody did."""
    if row is None:
        return None
    who = {
        name: row[name] for name in ("kind", "user_id", "display_name", "guest_name", "claimed_by")
    }
    return {**who, "claimed_at": row["claimed_at"].isoformat()}


def period_totals(row: Row) -> dict[str, Any]:
    """Sums of a period."""
    counts, words = int(row["counts"]), int(row["words_spoken"])
    shared = {
        "rate_per_1000": rate(counts, words),
        "talk_s": row["talk_total_ms"] / 1000,
        "sessions": row["sessions"],
        "days": row["days"],
    }
    return {"counts": counts, "words_spoken": words, **shared}


def period_before(first: date, last: date) -> tuple[date, date] | None:
    """As many days, ending the day before the first; None where the calendar begins."""
    length = last - first + timedelta(days=1)
    return (first - length, first - timedelta(days=1)) if first.toordinal() > length.days else None
