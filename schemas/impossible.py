"""Events that are well formed and that no stage can handle. Pure; `make fuzz` found them.

A fold decides what an event means. These would take its memory, never end, or name the objects of
somebody else.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from schemas.audio import RECOGNISER_MS
from schemas.event import Event, SessionEvent
from schemas.letter_events import LetterWritten
from schemas.limits import CHUNK_NUMBER, CHUNKS, HINT, SESSION_MS, TRANSCRIPT_DAYS, Limit
from schemas.session_events import SessionSealed
from schemas.speech_events import ClipOrder, ClipsWanted, WindowReady
from schemas.word_events import WordsCounted

ID = re.compile(r"[\w-]{1,64}", re.ASCII)
"""Objects are named by it: an empty one, or one with a path in it, would name others."""
MOST_ROWS = 10_000
"""Counted words of a window; nobody says so many in twenty seconds."""
MOST_WINDOWS = 10_000
"""More than any session has. Folds go through all windows up to the last one."""
LEAST_WINDOW_MS = SESSION_MS.most // MOST_WINDOWS + 1
"""With shorter windows the longest session would have more, and never be sealed."""
MOST_VERSIONS = 1 << 20
"""Revisions of a window, or generations. The sink's versions have room for 16 times as many."""
LAST_MS = 4_102_444_800_000
"""The year 2100. A session whose last event is so late would wait for it."""


def _limited(limit: Limit) -> range:
    return range(limit.least, limit.most + 1)


BOUNDS: Mapping[str, range] = {
    "occurred_at_ms": range(LAST_MS),
    "now_ms": range(LAST_MS),
    "window": range(MOST_WINDOWS),
    "through": range(MOST_WINDOWS + 1),
    "revision": range(MOST_VERSIONS),
    "generation": range(MOST_VERSIONS),
    "window_ms": range(1, RECOGNISER_MS + 1),
    "total_ms": range(SESSION_MS.most + 1),
    "seq": _limited(CHUNK_NUMBER),
    "chunks": _limited(CHUNKS),
    "hint": _limited(HINT),
    "speakers": _limited(HINT),
    "speakers_hint": _limited(HINT),
    "keep_transcript_days": _limited(TRANSCRIPT_DAYS),
}
"""By field. A field of the same name that is no number has no bounds."""


def impossible(event: Event) -> str:
    """Why nobody can handle the event; nothing when all is well."""
    if isinstance(event, SessionEvent) and not _has_id(event):
        return "a session id that is none"
    for name, bounds in _bounded(type(event)):
        number = getattr(event, name)
        if type(number) is int and number not in bounds:
            return f"{name} is beyond its bounds"
    if not _is_zone(getattr(event, "time_zone", None) or "UTC"):
        return "a time zone that nobody knows"
    if isinstance(event, WindowReady) and not (
        0 <= event.audio_from_ms <= event.start_ms <= event.end_ms
    ):
        return "a window ends before it begins"
    if isinstance(event, SessionSealed) and len(event.windows) > MOST_WINDOWS:
        return "windows without end"
    if isinstance(event, WordsCounted) and not 0 <= event.most_rows <= MOST_ROWS:
        return "rows without end"
    if isinstance(event, ClipsWanted) and not all(map(_has_label, event.clips)):
        return "a speaker label that is none"
    return ""


@cache
def _bounded(kind: type[Event]) -> list[tuple[str, range]]:
    """The fields of a kind of event that have bounds."""
    bounded = [name for name in kind.__struct_fields__ if name in BOUNDS]
    return [(name, BOUNDS[name]) for name in bounded]


@lru_cache(1_000)
def _is_zone(name: str) -> bool:
    """Each reader of its rows would meet an error, for ever."""
    try:
        return bool(ZoneInfo(name))
    except (LookupError, OSError, ValueError):
        return False


def _has_id(event: SessionEvent) -> bool:
    """A letter may be about no session: it names no object."""
    if isinstance(event, LetterWritten) and not event.session_id:
        return True
    return ID.fullmatch(event.session_id) is not None


def _has_label(clip: ClipOrder) -> bool:
    return ID.fullmatch(clip.speaker) is not None
