"""An audit finds nothing in a consistent world, and exactly the one thing that was broken in it."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from consumers.dlq.letters import Letter
from deploy.audit.chunks import dead_lettered_events
from deploy.audit.listed import state_differences
from deploy.audit.report import Fate, Mend, Report
from schemas.codec import encode
from schemas.event import Event
from schemas.ids import SpeakerLabel
from schemas.session_events import State
from schemas.topics import INBOUND
from tests import recorded_sessions
from tests.audit_breaks import BREAKS, ROWS_ALONE, Break, extra_chunk, world
from tests.audited import audited
from tests.guide.phone import SESSION


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


@pytest.mark.parametrize("broken", ROWS_ALONE, ids=lambda broken: broken.__qualname__)
def test_a_session_that_has_left_the_log_is_held_against_its_objects(broken: Break) -> None:
    one = world().forgotten()
    assert [found.sentence() for found in one.judged().differences] == []
    found = [_named(broken, number) for number in range(12)]
    assert any(found)


def test_a_complete_session_of_last_week_without_its_totals_is_a_difference() -> None:
    one = world().forgotten()
    one.rows.totals.clear()
    assert [found.where for found in one.judged().differences] == ["session_totals"]


def test_a_session_that_missed_a_claim_is_a_difference() -> None:
    """A claim that the fold gave up left its session ready, and nothing said so."""
    one = world()
    assert one.facts.listing
    one.facts.listing = replace(one.facts.listing, state=State.READY)
    one.rows.listed[0] = replace(one.rows.listed[0], state=State.READY)
    assert [found.what for found in one.judged().differences] == [
        "the session is ready_for_claiming, and completed by its claims"
    ]


def test_so_is_one_that_missed_a_release() -> None:
    facts = world().facts
    facts.claims.pop(SpeakerLabel("S1"))
    assert [found.what for found in state_differences(facts)] == [
        "the session is completed, and ready_for_claiming by its claims"
    ]


def _named(broken: Break, number: int) -> bool:
    one = world().forgotten()
    named = broken(one, number)
    return any(named in found.where for found in one.judged().differences)


def test_a_chunk_that_was_dead_lettered_has_that_fate() -> None:
    one = world()
    chunk = extra_chunk(one, seq=50, sha256="1" * 64)
    one.letters = dead_lettered_events([letter_of(chunk.event)])
    found = one.judged()
    assert found.differences == ()
    assert found.fates[Fate.DEAD_LETTERED] == 1


def test_a_letter_at_the_place_of_a_chunk_is_another_ones_after_a_restore() -> None:
    """Before, the chunk had the fate of a message that was there before the restore."""
    one = world()
    chunk = extra_chunk(one, seq=50, sha256="1" * 64)
    other = letter_of(replace(chunk.event, seq=51, event_id=""), str(chunk.place))
    one.letters = dead_lettered_events([other, letter_of(b"no event")])
    (lost,) = one.judged().differences
    assert lost.where == str(chunk.place)


def letter_of(event: Event | bytes, source: str = "session.inbound.v1:3:5") -> Letter:
    value = event if isinstance(event, bytes) else encode(event)
    return Letter("", INBOUND.name, source, "text_expired", "sessions", "", b"", value)


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
