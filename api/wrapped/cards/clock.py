"""When in the week: 7 x 24, on the clock of the place where each session was recorded."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from api.wrapped.card import Card, Told

QUARTER_MS = 15 * 60_000
"""Clocks of the world differ by quarters of an hour: all moments of one quarter are in the same hour of any of them."""


def shape(told: Told, _: Mapping[str, Any]) -> dict[str, Any]:
    """`week[0]` is Monday's 24 hours; the busiest hour and weekday, the earlier of equal ones; null without counts.

    The weekday is that of the session's day, which ends at 04:00; the hour is the clock's.
    """
    zones = {row["session_id"]: ZoneInfo(row["time_zone"]) for row in told.answers["sessions"]}
    week = [[0] * 24 for _ in range(7)]
    for session_id, moments in told.moments.items():
        for (quarter, day), count in Counter([(said_ms // QUARTER_MS, day) for said_ms, _, day in moments]).items():
            said = datetime.fromtimestamp(quarter * QUARTER_MS / 1000, zones.get(session_id, UTC))
            week[day.weekday()][said.hour] += count
    hours, days = [sum(day[hour] for day in week) for hour in range(24)], [sum(day) for day in week]
    some = any(days)
    return {"week": week, "busiest_hour": hours.index(max(hours)) if some else None, "busiest_weekday": days.index(max(days)) if some else None}


CARD = Card("clock", "Each counted word in the hour and on the day it was said, by the clock of that place.", ("moments", "sessions"), shape)
