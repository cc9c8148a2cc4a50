"""Pure: provisional rows, known while the phone records. The first generation replaces them."""

from consumers.runtime.outcome import Record
from consumers.sink.table_row import Row
from schemas import word_events as words
from schemas.days import moment
from schemas.session_rows import SessionEta, SessionProgress
from schemas.speech_events import ProvisionalSpeakersIdentified


def rows_of(record: Record) -> list[Row]:
    """All rows that the event sets; empty for events that are not provisional.

    Of two events the later one in the log wins, and not the one with the later time: clocks go
    back.
    """
    version = record.offset
    match record.event:
        case ProvisionalSpeakersIdentified() as event:
            return [_voices(event)]
        case words.ProvisionalWordsCounted() as event:
            return [_words(event, version)]
        case SessionProgress() as event:
            return [_progress(event, version)]
        case SessionEta() as event:
            return [_eta(event, version)]
    return []


def _progress(event: SessionProgress, version: int) -> Row:
    return "progress", {
        "session_id": event.session_id,
        "windows": event.windows,
        "transcribed": event.transcribed,
        "voiced": event.voiced,
        "counted": event.counted,
        "audio_ms": event.audio_ms,
        "updated_at": moment(event.occurred_at_ms),
        "version": version,
    }


def _eta(event: SessionEta, version: int) -> Row:
    return "provisional_etas", {
        "session_id": event.session_id,
        "eta_ms": event.eta_ms,
        "updated_at": moment(event.occurred_at_ms),
        "version": version,
    }


def _voices(event: ProvisionalSpeakersIdentified) -> Row:
    return "provisional_voices", {
        "session_id": event.session_id,
        "through": event.through,
        "speakers": [speaker.label for speaker in event.speakers],
        "talk_ms": [speaker.talk_ms for speaker in event.speakers],
        "updated_at": moment(event.occurred_at_ms),
    }


def _words(event: words.ProvisionalWordsCounted, version: int) -> Row:
    speakers = sorted(event.spoken)
    return "provisional_words", {
        "session_id": event.session_id,
        "window": event.window,
        "speakers": speakers,
        "spoken": [event.spoken[speaker] for speaker in speakers],
        "counts": [event.counts.get(speaker, {}) for speaker in speakers],
        "updated_at": moment(event.occurred_at_ms),
        "version": version,
    }
