"""An audit finds nothing in a consistent world, and exactly the one thing that was broken in it."""

import copy
from collections import Counter
from collections.abc import Callable, Sized
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from deploy.audit.log_facts import Chunk, Logged
from deploy.audit.report import Fate, Mend, Report
from schemas.object_kinds import ATTRIBUTED_WORDS, CHUNK, TRANSCRIBED_WORDS, TURNS
from schemas.phone_events import ChunkUploaded
from tests import recorded_sessions
from tests.audited import Audited, audited
from tests.guide.phone import CHUNK_MS, OWNER, SESSION

WORLD = audited(recorded_sessions.claimed())
Break = Callable[[Audited, int], str]
"""Breaks one thing, chosen by the number; returns what the audit must name."""


def world() -> Audited:
    return copy.deepcopy(WORLD)


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
    one.facts.counted[window] = replace(event, rows=()), place
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


def test_a_consistent_world_has_no_difference_and_every_chunk_has_a_fate() -> None:
    found = world().judged()
    assert [one.sentence() for one in found.differences] == []
    assert found.fates == Counter({Fate.COUNTED: 3})
    assert found.words == 5


@settings(max_examples=150)
@given(st.sampled_from(BREAKS), st.integers(0, 99))
def test_one_thing_that_is_broken_is_found_and_nothing_else(broken: Break, number: int) -> None:
    one = world()
    named = broken(one, number)
    found = one.judged().differences
    # A row with zeros alone says nothing: without it, nothing is different.
    hidden = {"speaker_totals", "user_days", "user_voices", "session_objects"}
    assert len(found) <= 1, [one.sentence() for one in found]
    if named not in hidden:
        assert found
    assert all(named in one.where for one in found)
    assert all(one.session_id == SESSION and one.advice for one in found)


@pytest.mark.parametrize("broken", BREAKS, ids=lambda broken: broken.__qualname__)
def test_each_kind_is_found_at_some_place(broken: Break) -> None:
    for number in range(20):
        one = world()
        named = broken(one, number)
        if any(named in found.where for found in one.judged().differences):
            return
    pytest.fail("nothing was found")


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


@pytest.mark.parametrize("broken", ROWS_ALONE, ids=lambda broken: broken.__qualname__)
def test_a_session_that_has_left_the_log_is_held_against_its_objects(broken: Break) -> None:
    one = world().forgotten()
    assert [found.sentence() for found in one.judged().differences] == []
    found = [_named(broken, number) for number in range(12)]
    assert any(found)


def _named(broken: Break, number: int) -> bool:
    one = world().forgotten()
    named = broken(one, number)
    return any(named in found.where for found in one.judged().differences)


def test_a_chunk_that_was_dead_lettered_has_that_fate() -> None:
    one = world()
    chunk = extra_chunk(one, seq=50, sha256="1" * 64)
    one.letters[str(chunk.place)] = "text_expired"
    found = one.judged()
    assert found.differences == ()
    assert found.fates[Fate.DEAD_LETTERED] == 1


def test_other_bytes_under_a_taken_number_are_missing_when_the_session_says_so() -> None:
    one = world()
    extra_chunk(one, seq=0, sha256="1" * 64)
    assert len(one.judged().differences) == 1
    assert one.facts.listing is not None
    one.facts.listing = replace(one.facts.listing, conflicts=(0,))
    found = one.judged()
    assert found.differences == ()
    assert found.fates[Fate.MISSING] == 1


@pytest.mark.parametrize(
    "make",
    [
        recorded_sessions.counted,
        recorded_sessions.unclaimed,
        recorded_sessions.hurried,
        recorded_sessions.expired,
    ],
)
def test_other_histories_have_no_difference(make: Callable[[], Any]) -> None:
    assert [one.sentence() for one in audited(make()).judged().differences] == []


def test_a_report_counts_and_says_what_moves() -> None:
    report = Report(moving=2)
    report.add(world().judged())
    assert report.sentence() == "audit: 0 differences in 3 chunks, 5 words; 2 sessions still move"
    one = world()
    one.rows.words.pop()
    report.add(one.judged())
    assert report.document()["difference"] == 1
    assert report.differences[0].mend is Mend.WRITE_ROWS
