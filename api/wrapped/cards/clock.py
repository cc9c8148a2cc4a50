"""When in the week: 7 x 24, on the clock of the place where each session was recorded."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from api.wrapped.card import Card, Told


def shape(told: Told, _: Mapping[str, Any]) -> dict[str, Any]:
    """`week[0]` is Monday's 24 hours; the busiest hour and weekday, the earlier of equal ones; null without counts.

    The weekday is that of the session's day, which ends at 04:00; the hour is the clock's.
    """
    zones = {row["session_id"]: ZoneInfo(row["time_zone"]) for row in told.answers["sessions"]}
    week = [[0] * 24 for _ in range(7)]
    for moment in told.moments:
        said = datetime.fromtimestamp(moment.said_ms / 1000, zones.get(moment.session_id, UTC))
        week[moment.day.weekday()][said.hour] += 1
    hours, days = [sum(day[hour] for day in week) for hour in range(24)], [sum(day) for day in week]
    some = any(days)
    return {"week": week, "busiest_hour": hours.index(max(hours)) if some else None, "busiest_weekday": days.index(max(days)) if some else None}


CARD = Card("clock", "Each counted word in the hour and on the day it was said, by the clock of that place.", ("moments", "sessions"), shape)
