"""Weekday and hour of each word, on the clock of the place where the session was recorded."""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np

from api.wrapped.card_models import Clock
from api.wrapped.input import WrappedInput
from api.wrapped.word_times import Ints, WordTimes
from schemas.ids import SessionId
from schemas.limits import HOUR_MS

DAY_HOURS = 24
HOW = "Each counted word in the hour and on the day it was said, by the clock of that place."


def shape(given: WrappedInput) -> Clock:
    """Counts by weekday and hour; of equally busy ones the earlier.

    The weekday is that of the session's day, which ends at 04:00; the hour is the clock's.
    """
    times = given.times
    zones = {
        voice.session_id: ZoneInfo(voice.time_zone)
        for voice in given.rows.voices
        if voice.time_zone
    }
    weekday = (times.day - 1) % 7  # day 1 of the ordinals is a Monday
    hour = _local_ms(times, zones) // HOUR_MS % DAY_HOURS
    cells = np.bincount(weekday * DAY_HOURS + hour, minlength=7 * DAY_HOURS)
    week = cells.reshape(7, DAY_HOURS)
    busiest_hour = None
    busiest_weekday = None
    if len(times):
        busiest_hour = int(week.sum(axis=0).argmax())
        busiest_weekday = int(week.sum(axis=1).argmax())
    return Clock(
        week=week.tolist(),
        busiest_hour=busiest_hour,
        busiest_weekday=busiest_weekday,
    )


def _local_ms(times: WordTimes, zones: Mapping[SessionId, tzinfo]) -> Ints:
    """The clock's milliseconds of each word.

    Each session's offset is looked up at its first and its last word. Where the two differ, clocks
    changed in between, and the offset of each word is looked up.
    """
    local = times.said_ms.copy()
    starts = np.flatnonzero(np.diff(times.session, prepend=-1))
    for start, stop in pairwise([*starts.tolist(), len(times)]):
        session_id = times.session_id(start)
        zone = zones.get(session_id, UTC)
        words = local[start:stop]
        words += _offsets_ms(words, zone)
    return local


def _offsets_ms(said_ms: Ints, zone: tzinfo) -> Ints | int:
    before = _offset_ms(int(said_ms[0]), zone)
    after = _offset_ms(int(said_ms[-1]), zone)
    if before == after:
        return before
    each = [_offset_ms(moment, zone) for moment in said_ms.tolist()]
    return np.array(each, np.int64)


def _offset_ms(unix_ms: int, zone: tzinfo) -> int:
    moment = datetime.fromtimestamp(unix_ms // 1000, zone)
    offset = moment.utcoffset()
    if offset is None:
        return 0
    return round(offset.total_seconds() * 1000)
