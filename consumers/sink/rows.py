"""Pure: what each event sets in the warehouse. A row is a table's name and its values by column."""

from datetime import date
from typing import Any

from consumers.runtime.outcome import Record
from consumers.sink import people_rows, provisional_rows
from consumers.sink.row import Row, moment
from schemas import session_events as session
from schemas import word_events as words
from schemas.event import Pointer
from schemas.speech_events import SpeakersIdentified, WindowResult, WindowTranscribed

RANK = {
    session.State.RECORDING: 0, session.State.PROCESSING: 1, session.State.READY: 2,
    session.State.COMPLETED: 3, session.State.ERASED: 9,
}  # fmt: skip


def rows_of(record: Record) -> list[Row]:
    """All rows that the event sets; empty for events the warehouse does not keep."""
    event = record.event
    match event:
        case words.WordsCounted():
            return _counted(record, event)
        case words.WordsCredited():
            return _credited(event)
        case words.VoiceCredited():
            return [_voice(event)]
        case words.SessionCounted():
            return _totals(event)
        case words.WordsAttributed():
            return (
                [_object(event.session_id, "words", event.window, event.words, event.generation)]
                if event.words
                else []
            )
        case WindowResult():
            return [_work(event)]
        case SpeakersIdentified():
            return _identified(event)
        case session.TextExpired():
            return [
                (
                    "expired_texts",
                    {"session_id": event.session_id, "expired_at": moment(event.occurred_at_ms)},
                )
            ]
        case session.SessionListing():
            return _listing(event)
        case _:
            return provisional_rows.rows_of(event) or people_rows.rows_of(event)


def _counted(record: Record, event: words.WordsCounted) -> list[Row]:
    shared = {
        "window_day": date.fromisoformat(event.day),
        "session_id": event.session_id,
        "window": event.window,
        "generation": event.generation,
        "lexicon": event.lexicon,
        "source_topic": record.topic.name,
        "source_partition": record.partition,
        "source_offset": record.offset,
    }
    held = [_word(shared, row) for row in event.rows]
    gone = [
        ("word_events", {**shared, **_gone(event, n)})
        for n in range(len(event.rows), event.most_rows)
    ]
    return [*held, *gone, _spoken(event)]


def _spoken(event: words.WordsCounted) -> Row:
    said = sorted(event.spoken)
    shared = {
        "day": date.fromisoformat(event.day),
        "session_id": event.session_id,
        "window": event.window,
        "generation": event.generation,
    }
    return "spoken_windows", {
        **shared,
        "speakers": said,
        "spoken": [event.spoken[speaker] for speaker in said],
    }


def _word(shared: dict[str, Any], row: words.CountedRow) -> Row:
    return (
        "word_events",
        {
            **shared,
            "ordinal": row.ordinal,
            "deleted": 0,
            "speaker": row.speaker,
            "word": row.word,
            "said_at": row.said_at_ms,  # ticks of the column: a datetime would be made only to be taken apart
            "day": date.fromisoformat(row.day),
            "probability": row.probability,
            "reason": row.reason,
        },
    )


def _gone(event: words.WordsCounted, ordinal: int) -> dict[str, Any]:
    day = date.fromisoformat(event.day)
    return {
        "ordinal": ordinal,
        "deleted": 1,
        "speaker": "",
        "word": "",
        "said_at": 0,
        "day": day,
        "probability": 0.0,
        "reason": "",
    }


def _credited(event: words.WordsCredited) -> list[Row]:
    shared = {
        "user_id": event.user_id,
        "session_id": event.session_id,
        "speaker": event.speaker,
        "version": event.credit_version,
    }
    found: list[Row] = []
    for number, (day, counts) in enumerate(sorted(event.days.items())):
        dated = {**shared, "day": date.fromisoformat(day)}
        talk_ms = event.talk_ms if number == 0 else 0
        said = {word: count for word, count in sorted(counts.items()) if count}
        whole = {"words": list(said), "counts": list(said.values()), "count": sum(said.values())}
        found.append(
            (
                "user_days",
                {**dated, **whole, "spoken": event.spoken.get(day, 0), "talk_ms": talk_ms},
            )
        )
    return found


def _voice(event: words.VoiceCredited) -> Row:
    said = sorted(
        (ms, word, day)
        for day, found in event.said.items()
        for word, moments in found.items()
        for ms in moments
    )
    days = {day: date.fromisoformat(day) for day in (*event.said, *event.spoken)}
    return "user_voices", {
        "user_id": event.user_id,
        "session_id": event.session_id,
        "speaker": event.speaker,
        "words": [word for _, word, _ in said],
        "said_ms": [ms for ms, _, _ in said],
        "said_days": [days[day] for _, _, day in said],
        "days": [days[day] for day in sorted(event.spoken)],
        "spoken": [event.spoken[day] for day in sorted(event.spoken)],
        "talk_ms": event.talk_ms,
        "company": event.company,
        "time_zone": event.time_zone,
        "audio_ms": event.audio_ms,
        "version": event.credit_version,
    }


def _totals(event: words.SessionCounted) -> list[Row]:
    found: list[Row] = []
    for speaker in event.speakers:
        shared = {
            "session_id": event.session_id,
            "speaker": speaker.label,
            "generation": event.generation,
        }
        none = {"spoken": 0, "talk_ms": 0, "turns": 0, "overlap_ms": 0}
        of_speaker = {
            "spoken": speaker.spoken,
            "talk_ms": speaker.talk_ms,
            "turns": speaker.turns,
            "overlap_ms": speaker.overlap_ms,
        }
        found.append(("speaker_totals", {**shared, "word": "", "count": 0, **of_speaker}))
        found += [
            ("speaker_totals", {**shared, "word": w, "count": n, **none})
            for w, n in speaker.words.items()
        ]
    session_row = {
        "session_id": event.session_id,
        "generation": event.generation,
        "lexicon": event.lexicon,
        "speakers": [s.label for s in event.speakers if s.turns],
        "missing": list(event.missing),
        "total_ms": event.total_ms,
    }
    return [*found, ("session_totals", session_row)]


def _object(
    session_id: str, kind: str, window: int, pointer: Pointer | None, generation: int
) -> Row:
    assert pointer is not None
    shared = {"session_id": session_id, "kind": kind, "window": window, "generation": generation}
    return "session_objects", {
        **shared,
        "key": pointer.key,
        "sha256": pointer.sha256,
        "size": pointer.size,
    }


def _work(event: WindowResult) -> Row:
    stage = "transcribe" if isinstance(event, WindowTranscribed) else "diarize"
    shared = {
        "session_id": event.session_id,
        "stage": stage,
        "window": event.window,
        "revision": event.revision,
    }
    done = {
        "model": event.model,
        "work_ms": event.work_ms,
        "failed": event.failed or "",
        "done_at": moment(event.occurred_at_ms),
    }
    return "window_work", {**shared, **done}


def _identified(event: SpeakersIdentified) -> list[Row]:
    clips = [
        {
            "session_id": event.session_id,
            "speaker": s.label,
            "ordinal": n,
            "start_ms": a,
            "end_ms": b,
            "generation": event.generation,
        }
        for s in event.speakers
        for n, (a, b) in enumerate(s.clips)
    ]
    return [
        _object(event.session_id, "turns", 0, event.turns, event.generation),
        *(("clips", clip) for clip in clips),
    ]


def _listing(event: session.SessionListing) -> list[Row]:
    version = event.generation * 10 + RANK[event.state]
    row = {
        "session_id": event.session_id,
        "owner": event.owner,
        "group_id": event.group_id or "",
        "state": event.state,
        "generation": event.generation,
        "recorded_at": moment(event.recorded_at_ms),
        "time_zone": event.time_zone,
        "audio_ms": event.audio_ms,
        "version": version,
    }
    of_group = {name: row[name] for name in ("group_id", "session_id", "recorded_at", "version")}
    return [
        ("sessions", row),
        *(
            [("group_sessions", {**of_group, "gone": int(event.state == session.State.ERASED)})]
            if event.group_id
            else []
        ),
    ]
