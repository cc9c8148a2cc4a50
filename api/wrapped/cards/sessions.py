"""The longest session, and the most intense one."""

from collections.abc import Mapping
from typing import Any

from api.wrapped.card import Card, Told

LEAST_TALK_MS = 60_000
"""Intensity of less talk than this says nothing."""


def shape(told: Told, _: Mapping[str, Any]) -> dict[str, Any]:
    """`longest`: by its audio; `most_intense`: by the person's counts a minute of own talk. Ties: the earlier session id."""
    mine = {said.session_id for said in told.said}
    lengths = {
        row["session_id"]: row["audio_ms"]
        for row in told.answers["voices"]
        if row["session_id"] in mine and row["time_zone"]
    }
    counts, talk = dict.fromkeys(lengths, 0), dict.fromkeys(lengths, 0)
    for said in told.said:
        if said.session_id in lengths:
            counts[said.session_id] += said.count
            talk[said.session_id] += said.talk_ms
    rates = {
        name: counts[name] * 60_000 / talk[name]
        for name in lengths
        if talk[name] >= LEAST_TALK_MS and counts[name]
    }
    longest = min(lengths, key=lambda name: (-lengths[name], name), default=None)
    intense = min(rates, key=lambda name: (-rates[name], name), default=None)
    return {
        "longest": {"session_id": longest, "minutes": round(lengths[longest] / 60_000, 1)}
        if longest
        else None,
        "most_intense": {"session_id": intense, "counts_a_minute": round(rates[intense], 2)}
        if intense
        else None,
    }


CARD = Card(
    "sessions",
    "Longest by its recording; most intense by your counted words a minute of your own talk, from one minute on.",
    ("voices",),
    shape,
)
