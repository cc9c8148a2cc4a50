"""Pure: rows of sessions, their totals, their objects and the work on their windows."""

from consumers.runtime.outcome import Record
from consumers.sink.table_row import Columns, Row
from schemas.days import moment
from schemas.event import Event, Pointer
from schemas.ids import SessionId, SpeakerLabel
from schemas.session_events import State, TextExpired
from schemas.session_rows import SessionListing
from schemas.speech_events import SpeakersIdentified, WindowResult, WindowTranscribed
from schemas.word_events import SessionCounted, SpeakerCounts, WordsAttributed

OFFSET_BITS = 40
"""Bits of a version that are the offset; those above are the generation."""
NO_TOTALS: Columns = {"spoken": 0, "talk_ms": 0, "turns": 0, "overlap_ms": 0}


def rows_of(event: Event) -> list[Row]:
    """All rows that the event sets; empty for events about something else."""
    match event:
        case SessionCounted():
            return _totals(event)
        case WordsAttributed():
            return _attributed(event)
        case SpeakersIdentified():
            return _identified(event)
        case WindowResult():
            return [_work(event)]
        case TextExpired():
            return [_expired(event)]
        case _:
            return []


def listed(record: Record, event: SessionListing) -> list[Row]:
    """The rows of a session. Of two listings the later one in the log wins, whoever writes last.

    A session may go back to a former state within a generation, and its audio grows in one state.
    """
    shared: Columns = {
        "session_id": event.session_id,
        "group_id": event.group_id or "",
        "recorded_at": moment(event.recorded_at_ms),
        "version": (event.generation << OFFSET_BITS) + record.offset,
    }
    session: Columns = {
        **shared,
        "owner": event.owner,
        "state": event.state,
        "generation": event.generation,
        "failure": event.failure or "",
        "clock_corrected": event.clock_corrected,
        "time_zone": event.time_zone,
        "audio_ms": event.audio_ms,
    }
    if not event.group_id:
        return [("sessions", session)]
    of_group: Columns = {**shared, "gone": int(event.state == State.ERASED)}
    return [("sessions", session), ("group_sessions", of_group)]


def _totals(event: SessionCounted) -> list[Row]:
    found: list[Row] = []
    for speaker in event.speakers:
        found += _speaker_totals(event, speaker)
    total: Columns = {
        "session_id": event.session_id,
        "generation": event.generation,
        "version": event.totals_version,
        "lexicon": event.lexicon,
        "speakers": [speaker.label for speaker in event.speakers if speaker.turns],
        "missing": list(event.missing),
        "total_ms": event.total_ms,
    }
    return [*found, ("session_totals", total)]


def _speaker_totals(event: SessionCounted, speaker: SpeakerCounts) -> list[Row]:
    shared: Columns = {
        "session_id": event.session_id,
        "speaker": speaker.label,
        "generation": event.generation,
        "version": event.totals_version,
    }
    totals: Columns = {
        "spoken": speaker.spoken,
        "talk_ms": speaker.talk_ms,
        "turns": speaker.turns,
        "overlap_ms": speaker.overlap_ms,
    }
    without_word: Row = ("speaker_totals", {**shared, **totals, "word": "", "count": 0})
    words: list[Row] = [
        ("speaker_totals", {**shared, **NO_TOTALS, "word": word, "count": count})
        for word, count in speaker.words.items()
    ]
    return [without_word, *words]


def _attributed(event: WordsAttributed) -> list[Row]:
    if event.words is None:
        return []
    return [_object(event.session_id, "words", event.window, event.words, event.generation)]


def _identified(event: SpeakersIdentified) -> list[Row]:
    clustering: Columns = {
        "session_id": event.session_id,
        "generation": event.generation,
        "possible_hints": [(one.speakers, one.probability) for one in event.possible_hints],
        "faint": list(event.faint),
    }
    found: list[Row] = [
        _object(event.session_id, "turns", 0, event.turns, event.generation),
        ("clusterings", clustering),
    ]
    for speaker in event.speakers:
        for ordinal, span in enumerate(speaker.clips):
            found.append(_clip(event, speaker.label, ordinal, span))
    return found


def _clip(
    event: SpeakersIdentified, label: SpeakerLabel, ordinal: int, span: tuple[int, int]
) -> Row:
    start_ms, end_ms = span
    return "clips", {
        "session_id": event.session_id,
        "speaker": label,
        "ordinal": ordinal,
        "start_ms": start_ms,
        "end_ms": end_ms,
        "generation": event.generation,
    }


def _object(
    session_id: SessionId, kind: str, window: int, pointer: Pointer, generation: int
) -> Row:
    return "session_objects", {
        "session_id": session_id,
        "kind": kind,
        "window": window,
        "key": pointer.key,
        "sha256": pointer.sha256,
        "size": pointer.size,
        "generation": generation,
    }


def _work(event: WindowResult) -> Row:
    return "window_work", {
        "session_id": event.session_id,
        "stage": "transcribe" if isinstance(event, WindowTranscribed) else "diarize",
        "window": event.window,
        "revision": event.revision,
        "model": event.model,
        "work_ms": event.work_ms,
        "failed": event.failed or "",
        "done_at": moment(event.occurred_at_ms),
    }


def _expired(event: TextExpired) -> Row:
    return "expired_texts", {
        "session_id": event.session_id,
        "expired_at": moment(event.occurred_at_ms),
    }
