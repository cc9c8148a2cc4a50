"""Pure: a group's Wrapped."""

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.warehouse import Row
from api.wrapped.log_odds import most_telling
from api.wrapped.service import LEAST_COUNTS

MOST_WORDS, MOST_KNOWN = 10, 10
HOW = {
    "totals": "What was credited to people in the group's sessions, on the days it was said. Guests and unclaimed voices are left out.",
    "top_words": "Equal ones in the order of the alphabet.",
    "board": "Members by their counts in the group's sessions; equal counts share a place.",
    "known_for": "The word that somebody says more than chance would have them say it, against the rest of the group.",
}


def group_story(
    rows: Sequence[Row],
    board: Sequence[Mapping[str, Any]],
    emoji: Mapping[str, str],
    totals: Sequence[Any],
) -> dict[str, Any]:
    """`rows`: user, word and count; `totals`: of the period and of the one before (None: nothing can be before)."""
    now, before = totals
    count = now["counts"]
    ready = count >= LEAST_COUNTS
    top = [
        {"word": w, "emoji": emoji.get(w, ""), "count": n, "share": round(n / count, 4)}
        for w, n in list(now["words"].items())[:MOST_WORDS]
    ]
    change = (
        {name: now[name] - before[name] for name in ("counts", "words_spoken")}
        if before and before["words_spoken"]
        else None
    )
    plain = {name: value for name, value in now.items() if name != "words"}
    names = {place["user_id"]: place["display_name"] for place in board}
    known = [{**row, "display_name": names.get(row["user_id"], "")} for row in _known_for(rows)]
    cards = {
        "totals": {**plain, "change": change},
        "top_words": top,
        "board": list(board),
        "known_for": known,
    }
    return {
        "state": "ready" if ready else "warming_up",
        "missing": {"counts": max(0, LEAST_COUNTS - count)},
        "cards": cards,
        "how": HOW,
    }


def _known_for(rows: Sequence[Row]) -> list[dict[str, Any]]:
    by_user: dict[str, dict[str, int]] = {}
    everyone: dict[str, int] = {}
    for row in rows:
        by_user.setdefault(row["user_id"], {})[row["word"]] = int(row["total"])
        everyone[row["word"]] = everyone.get(row["word"], 0) + int(row["total"])
    found = [
        {"user_id": user, **best}
        for user, mine in sorted(by_user.items())
        if (best := most_telling(mine, everyone))
    ]
    return sorted(found, key=lambda row: (-row["z"], row["user_id"]))[:MOST_KNOWN]
