"""Pure: provisional rows, known while the phone records. The first generation replaces them."""

from consumers.sink.table_row import Row, moment
from schemas import session_events as session
from schemas import word_events as words
from schemas.event import Event
from schemas.speech_events import ProvisionalSpeakersIdentified


def rows_of(event: Event) -> list[Row]:
    """All rows that the event sets; empty for events that are not provisional."""
    match event:
        case ProvisionalSpeakersIdentified():
            return [_voices(event)]
        case words.ProvisionalWordsCounted():
            return [_words(event)]
        case session.SessionProgress():
            return [_progress(event)]
        case session.SessionEta():
            return [_eta(event)]
    return []


def _progress(event: session.SessionProgress) -> Row:
    return "progress", {
        "session_id": event.session_id,
        "windows": event.windows,
        "transcribed": event.transcribed,
        "voiced": event.voiced,
        "counted": event.counted,
        "audio_ms": event.audio_ms,
        "updated_at": moment(event.occurred_at_ms),
    }


def _eta(event: session.SessionEta) -> Row:
    return "provisional_etas", {
        "session_id": event.session_id,
        "eta_ms": event.eta_ms,
        "updated_at": moment(event.occurred_at_ms),
    }


def _voices(event: ProvisionalSpeakersIdentified) -> Row:
    return "provisional_voices", {
        "session_id": event.session_id,
        "through": event.through,
        "speakers": [speaker.label for speaker in event.speakers],
        "talk_ms": [speaker.talk_ms for speaker in event.speakers],
        "updated_at": moment(event.occurred_at_ms),
    }


def _words(event: words.ProvisionalWordsCounted) -> Row:
    speakers = sorted(event.spoken)
    return "provisional_words", {
        "session_id": event.session_id,
        "window": event.window,
        "speakers": speakers,
        "spoken": [event.spoken[speaker] for speaker in speakers],
        "counts": [event.counts.get(speaker, {}) for speaker in speakers],
        "updated_at": moment(event.occurred_at_ms),
    }
