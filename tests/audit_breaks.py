"""Ways to break one thing of a consistent session: a row, an object, an event."""

import copy
from collections.abc import Callable, Sized
from functools import cache
from typing import Any

from msgspec.structs import replace

from deploy.audit.log_facts import Chunk, CountedWindow, Logged
from schemas.object_kinds import ATTRIBUTED_WORDS, CHUNK, TRANSCRIBED_WORDS, TURNS
from schemas.phone_events import ChunkUploaded
from tests import recorded_sessions
from tests.audited import Audited, audited
from tests.guide.phone import CHUNK_MS, OWNER, SESSION

Break = Callable[[Audited, int], str]
"""Breaks one thing, chosen by the number; returns what the audit must name."""


@cache
def _whole() -> Audited:
    """The session as it is right, which a process that only collects need not make."""
    return audited(recorded_sessions.claimed())


def world() -> Audited:
    return copy.deepcopy(_whole())


def chosen(items: Sized, number: int) -> int:
    return number % len(items)


def drop(into: str, table: str) -> Break:
    """A row is not there."""

    def broken(one: Audited, number: int) -> str:
        rows = getattr(one.rows, into)
        del rows[chosen(rows, number)]
        return table

    return broken


def double(into: str, table: str) -> Break:
    """A row is there twice."""

    def broken(one: Audited, number: int) -> str:
        rows = getattr(one.rows, into)
        rows.append(rows[chosen(rows, number)])
        return table

    return broken


def other(into: str, table: str, **changes: Any) -> Break:
    """A row has other values, or another key."""

    def broken(one: Audited, number: int) -> str:
        rows = getattr(one.rows, into)
        place = chosen(rows, number)
        rows[place] = replace(rows[place], **changes)
        return table

    return broken


def doubted(one: Audited, number: int) -> str:
    """A counted word is a maybe, or a maybe is a counted word."""
    place = chosen(one.rows.words, number)
    row = one.rows.words[place]
    one.rows.words[place] = replace(row, maybe=not row.maybe)
    return "word_events"


def orphan(into: str, table: str, **changes: Any) -> Break:
    """One row more, which nothing has as its source."""

    def broken(one: Audited, number: int) -> str:
        rows = getattr(one.rows, into)
        rows.append(replace(rows[chosen(rows, number)], **changes))
        return table

    return broken


def remove(begins: str) -> Break:
    """An object is not in the store."""

    def broken(one: Audited, number: int) -> str:
        keys = one.blobs.keys(begins)
        needed = [key for key in keys if key in pointed_at(one)]
        key = needed[chosen(needed, number)]
        one.blobs.delete([key])
        return key

    return broken


def pointed_at(one: Audited) -> set[str]:
    """Keys of objects that the newest events name."""
    facts = one.facts
    results = [*facts.transcribed.values(), *facts.voiced.values()]
    pointers = [result.result for result in results]
    pointers += [event.words for event in facts.attributed.values()]
    assert facts.identified is not None
    pointers.append(facts.identified.turns)
    events = [chunk.event for chunk in facts.chunks.values()]
    return {one.key for one in pointers if one} | {key_of(event) for event in events}


def key_of(event: ChunkUploaded) -> str:
    return CHUNK.key(session_id=event.session_id, seq=event.seq, sha256=event.sha256)


def uncounted(one: Audited, number: int) -> str:
    """A window's counts are not in the log."""
    del one.facts.counted[sorted(one.facts.counted)[chosen(one.facts.counted, number)]]
    return "words.counted.v1"


def miscounted(one: Audited, number: int) -> str:
    """The log has other counts of a window than its objects."""
    window = sorted(one.facts.counted)[chosen(one.facts.counted, number)]
    event, place = one.facts.counted[window]
    one.facts.counted[window] = CountedWindow(replace(event, rows=()), place)
    return str(place)


def unheard(one: Audited, number: int) -> str:
    """The fold `sessions` never took a chunk that was acknowledged."""
    chunk = extra_chunk(one, seq=100 + number, sha256="0" * 64)
    return str(chunk.place)


def extra_chunk(one: Audited, seq: int, sha256: str) -> Chunk:
    event = ChunkUploaded(
        occurred_at_ms=one.facts.newest_ms,
        session_id=SESSION,
        owner=OWNER,
        seq=seq,
        sha256=sha256,
        size=5,
        content_type="audio/flac",
        start_ms=0,
        duration_ms=CHUNK_MS,
    )
    chunk = Chunk(event, Logged("session.inbound.v1", 3, 777))
    one.facts.chunks[event.event_id] = chunk
    one.blobs.put(key_of(event), b"audio", "")
    return chunk


BREAKS: tuple[Break, ...] = (
    drop("words", "word_events"),
    double("words", "word_events"),
    orphan("words", "word_events", ordinal=99),
    other("words", "word_events", word="walao"),
    doubted,
    other("words", "word_events", generation=1),
    drop("spoken", "spoken_windows"),
    other("spoken", "spoken_windows", speakers=["S9"]),
    drop("speakers", "speaker_totals"),
    orphan("speakers", "speaker_totals", word="walao", count=3),
    other("speakers", "speaker_totals", count=77),
    drop("totals", "session_totals"),
    other("totals", "session_totals", missing_from_ms=[0], missing_to_ms=[1]),
    other("totals", "session_totals", total_ms=1),
    double("days", "user_days"),
    other("days", "user_days", count=77),
    orphan("days", "user_days", user_id="nobody", talk_ms=0),
    drop("voices", "user_voices"),
    other("voices", "user_voices", company=["nobody"], time_zone="UTC"),
    drop("claims", "claims"),
    other("claims", "claims", kind="tag"),
    drop("listed", "sessions"),
    other("listed", "sessions", audio_ms=1),
    drop("objects", "session_objects"),
    other("objects", "session_objects", key="elsewhere"),
    remove(CHUNK.root(SESSION)),
    remove(ATTRIBUTED_WORDS.before("window", session_id=SESSION)),
    remove(TRANSCRIBED_WORDS.before("window", session_id=SESSION)),
    remove(TURNS.before("generation", session_id=SESSION)),
    remove(f"arrays/{SESSION}/0"),
    uncounted,
    miscounted,
    unheard,
)
ROWS_ALONE = (
    drop("words", "word_events"),
    orphan("words", "word_events", ordinal=99),
    other("words", "word_events", word="walao"),
    other("spoken", "spoken_windows", speakers=["S9"]),
    other("speakers", "speaker_totals", count=77),
    double("days", "user_days"),
    other("days", "user_days", count=77),
    other("voices", "user_voices", company=["nobody"], time_zone="UTC"),
    drop("listed", "sessions"),
)
