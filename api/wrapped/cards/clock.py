"""When in the week: 7 x 24, on the clock of the place where each session was recorded."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from api.wrapped.card import Card, Told
from api.wrapped.moments import Ints, Moments

HOUR_MS, DAY_HOURS = 3_600_000, 24


def shape(told: Told, _: Mapping[str, Any]) -> dict[str, Any]:
    """`week[0]` is Monday's 24 hours; the busiest hour and weekday, the earlier of equal ones; null without counts.

    The weekday is that of the session's day, which ends at 04:00; the hour is the clock's.
    """
    moments = told.moments
    zones = {
        row["session_id"]: ZoneInfo(row["time_zone"])
        for row in told.answers["voices"]
        if row["time_zone"]
    }
    weekday = (moments.day - 1) % 7  # the first day of the calendar is a Monday
    hour = _local_ms(moments, zones) // HOUR_MS % DAY_HOURS
    week = np.bincount(weekday * DAY_HOURS + hour, minlength=7 * DAY_HOURS).reshape(7, DAY_HOURS)
    some = len(moments) > 0
    return {
        "week": week.tolist(),
        "busiest_hour": int(week.sum(axis=0).argmax()) if some else None,
        "busiest_weekday": int(week.sum(axis=1).argmax()) if some else None,
    }


def _local_ms(moments: Moments, zones: Mapping[str, ZoneInfo]) -> Ints:
    """The clock's own milliseconds. A session is asked for its offset at both ends: where they differ clocks were changed, and each word is asked."""
    local = moments.said_ms.copy()
    starts, ends = (
        np.flatnonzero(np.diff(moments.session, prepend=-1)),
        np.flatnonzero(np.diff(moments.session, append=-1)) + 1,
    )
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        zone = zones.get(moments.sessions[moments.session[start]], UTC)
        before, after = _offset_ms(int(local[start]), zone), _offset_ms(int(local[end - 1]), zone)
        local[start:end] += (
            before
            if before == after
            else [_offset_ms(said_ms, zone) for said_ms in local[start:end].tolist()]
        )
    return local


def _offset_ms(unix_ms: int, zone: Any) -> int:
    offset = datetime.fromtimestamp(unix_ms // 1000, zone).utcoffset()
    return round(offset.total_seconds() * 1000) if offset else 0


CARD = Card(
    "clock",
    "Each counted word in the hour and on the day it was said, by the clock of that place.",
    ("voices",),
    shape,
)
