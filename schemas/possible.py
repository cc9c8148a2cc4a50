"""Events that are well formed and that no stage can handle. Pure; `make fuzz` found them.

A fold decides what an event means. These would take its memory, never end, or name the objects of
somebody else.
"""

import re

from schemas.event import Event, SessionEvent
from schemas.letter_events import LetterWritten
from schemas.speech_events import ClipOrder, ClipsWanted, WindowReady
from schemas.word_events import WordsCounted

ID = re.compile(r"[\w-]{1,64}", re.ASCII)
"""Objects are named by it: an empty one, or one with a path in it, would name others."""
MOST_ROWS = 10_000
"""Counted words of a window; nobody says so many in twenty seconds."""


def impossible(event: Event) -> str:
    """Why nobody can handle the event; nothing when all is well."""
    if isinstance(event, SessionEvent) and not _has_id(event):
        return "a session id that is none"
    if isinstance(event, WindowReady) and not (
        0 <= event.audio_from_ms <= event.start_ms <= event.end_ms
    ):
        return "a window ends before it begins"
    if isinstance(event, WordsCounted) and not 0 <= event.most_rows <= MOST_ROWS:
        return "rows without end"
    if isinstance(event, ClipsWanted) and not all(map(_has_label, event.clips)):
        return "a speaker label that is none"
    return ""


def _has_id(event: SessionEvent) -> bool:
    """A letter may be about no session: it names no object."""
    if isinstance(event, LetterWritten) and not event.session_id:
        return True
    return ID.fullmatch(event.session_id) is not None


def _has_label(clip: ClipOrder) -> bool:
    return ID.fullmatch(clip.speaker) is not None
