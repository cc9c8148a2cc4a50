"""Small sentences over the numbers; each says only what the numbers say."""

from collections.abc import Mapping
from typing import Any

from api.wrapped.card import Card, Told


def shape(told: Told, done: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`kind` and its figures: a page words them. The best day, how often a word comes, and the combo; none without counts."""
    totals, facts = done["totals"], list[dict[str, Any]]()
    if not totals["counts"]:
        return facts
    days: dict[Any, int] = {}
    for said in told.said:
        days[said.day] = days.get(said.day, 0) + said.count
    best = min(days, key=lambda day: (-days[day], day))
    facts.append({"kind": "best_day", "day": best.isoformat(), "counts": days[best]})
    if totals["talk_s"] >= 60:
        facts.append(
            {"kind": "one_every", "seconds": round(totals["talk_s"] / totals["counts"], 1)}
        )
    if done["moments"]["combo"] and done["moments"]["combo"]["counts"] >= 3:
        facts.append({"kind": "combo", "counts": done["moments"]["combo"]["counts"]})
    return facts


CARD = Card(
    "fun_facts",
    "Made from the other figures of this page.",
    ("voices",),
    shape,
    after=("totals", "moments"),
)
