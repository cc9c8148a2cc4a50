"""Pure: rows of counted and credited words."""

from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from consumers.runtime.outcome import Record
from consumers.sink.table_row import Columns, Row
from schemas.event import Event
from schemas.word_events import CountedRow, VoiceCredited, WordsCounted, WordsCredited


def rows_of(event: Event) -> list[Row]:
    """The rows of a credit; empty for other events."""
    match event:
        case WordsCredited():
            return _days(event)
        case VoiceCredited():
            return [_voice(event)]
        case _:
            return []


def counted(record: Record, event: WordsCounted) -> list[Row]:
    """The rows of one window.

    One for each counted word, one for each word of an earlier generation that is retracted, and one
    with the recognised words of each speaker.
    """
    shared: Columns = {
        "window_day": date.fromisoformat(event.day),
        "session_id": event.session_id,
        "window": event.window,
        "generation": event.generation,
        "lexicon": event.lexicon,
        "source_topic": record.topic.name,
        "source_partition": record.partition,
        "source_offset": record.offset,
    }
    words = [_word(shared, row) for row in event.rows]
    ordinals = range(len(event.rows), event.most_rows)
    retracted = [_retracted(shared, ordinal) for ordinal in ordinals]
    return [*words, *retracted, _spoken(event)]


def _word(shared: Columns, row: CountedRow) -> Row:
    return "word_events", {
        **shared,
        "ordinal": row.ordinal,
        "deleted": 0,
        "speaker": row.speaker,
        "word": row.word,
        # Ticks of the column: a datetime would only be made to be taken apart again.
        "said_at": row.said_at_ms,
        "day": date.fromisoformat(row.day),
        "probability": row.probability,
        "reason": row.reason,
        "maybe": row.maybe,
    }


def _retracted(shared: Columns, ordinal: int) -> Row:
    return "word_events", {
        **shared,
        "ordinal": ordinal,
        "deleted": 1,
        "speaker": "",
        "word": "",
        "said_at": 0,
        "day": shared["window_day"],
        "probability": 0.0,
        "reason": "",
        "maybe": False,
    }


def _spoken(event: WordsCounted) -> Row:
    speakers = sorted(event.spoken)
    return "spoken_windows", {
        "day": date.fromisoformat(event.day),
        "session_id": event.session_id,
        "window": event.window,
        "generation": event.generation,
        "speakers": speakers,
        "spoken": [event.spoken[speaker] for speaker in speakers],
    }


def _days(event: WordsCredited) -> list[Row]:
    days = sorted(event.days)
    said = {day for day, words in event.days.items() if any(words.values())}
    talked = _with_words(days, said, event.spoken)
    return [_day(event, day, is_first=day in talked[:1]) for day in days]


def _with_words(
    days: Sequence[str], said: Container[str], spoken: Mapping[str, int]
) -> Sequence[str]:
    """The days on which a voice has a word now; the first of all where it has none.

    `days` are sorted: all on which it ever had one. A merge or a recount may take them away.
    """
    present = [day for day in days if day in said or spoken.get(day)]
    return present or days[:1]


def _day(event: WordsCredited, day: str, *, is_first: bool) -> Row:
    counts = {word: count for word, count in sorted(event.days[day].items()) if count}
    return "user_days", {
        "user_id": event.user_id,
        "day": date.fromisoformat(day),
        "session_id": event.session_id,
        "speaker": event.speaker,
        "words": list(counts),
        "counts": list(counts.values()),
        "count": sum(counts.values()),
        "spoken": event.spoken.get(day, 0),
        # Talk time is known for the session, not for its days: the first with a word has it.
        "talk_ms": event.talk_ms if is_first else 0,
        "version": event.credit_version,
    }


def _voice(event: VoiceCredited) -> Row:
    moments = sorted(_moments(event))
    days = _with_words(sorted(event.spoken), event.moments, event.spoken)
    return "user_voices", {
        "user_id": event.user_id,
        "session_id": event.session_id,
        "speaker": event.speaker,
        "words": [moment.word for moment in moments],
        "said_ms": [moment.said_ms for moment in moments],
        "said_days": [moment.day for moment in moments],
        "days": [date.fromisoformat(day) for day in days],
        "spoken": [event.spoken[day] for day in days],
        "talk_ms": event.talk_ms,
        "company": event.company,
        "time_zone": event.time_zone,
        "audio_ms": event.audio_ms,
        "version": event.credit_version,
    }


class _Moment(NamedTuple):
    """A word that was said at `said_ms`, on the session's day."""

    said_ms: int
    word: str
    day: date


def _moments(event: VoiceCredited) -> Iterator[_Moment]:
    for iso_day, words in event.moments.items():
        day = date.fromisoformat(iso_day)
        for word, times_ms in words.items():
            for said_ms in times_ms:
                yield _Moment(said_ms, word, day)
