"""When a session is ready, and when it is completed, whatever is read before what."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.claim_events import ClaimKind, SpeakerClaimed, SpeakerReleased
from schemas.event import Event
from schemas.ids import SpeakerLabel
from schemas.session_events import SessionCompleted, SessionReady
from schemas.session_rows import SessionListing
from tests.session_history import (
    HINT,
    OWNER,
    RECORDED,
    SESSION,
    concluded,
    identified,
    run,
    silent,
    totalled,
)

CLAIMED = SpeakerClaimed(
    occurred_at_ms=20,
    session_id=SESSION,
    request_id="c",
    speaker=SpeakerLabel("S1"),
    by=OWNER,
    kind=ClaimKind.SELF,
    user_id=OWNER,
    guest_name=None,
    claim_version=1,
    unclaimed=1,
)


def test_counts_that_are_read_before_the_speakers_complete_nothing() -> None:
    both = ("S1", "S2")
    assert concluded([*RECORDED, silent(1), totalled(1), identified(1, *both)]) == [
        (SessionReady, both)
    ]


def test_a_session_is_ready_when_its_totals_can_be_shown() -> None:
    counted: list[Event] = [*RECORDED, silent(1), identified(1, "S1")]
    assert concluded(counted) == []
    assert concluded([*counted, totalled(1)]) == [(SessionReady, ("S1",))]


def test_a_claim_that_is_read_before_the_speakers_is_one_of_them() -> None:
    events: list[Event] = [*RECORDED, CLAIMED, silent(1), totalled(1), identified(1, "S1")]
    assert concluded(events) == [(SessionCompleted, ("S1",))]


@given(st.permutations([identified(1, "S1"), silent(1), totalled(1), CLAIMED]))
def test_answers_that_are_read_before_the_start_wait_for_it(answers: list[Event]) -> None:
    assert run(answers) == []
    assert concluded([*answers, *RECORDED]) == [(SessionCompleted, ("S1",))]
    rows = [row for row in run([*answers, *RECORDED]) if isinstance(row, SessionListing)]
    assert {row.owner for row in rows} == {OWNER}


def test_answers_about_a_generation_that_is_not_open_yet_wait_for_it() -> None:
    answers: list[Event] = [silent(1), silent(2), totalled(1), totalled(2)]
    answers += [identified(1, "S1"), identified(2, "S2")]
    assert concluded([*answers, *RECORDED, HINT]) == [(SessionReady, ("S2",))]


def test_a_claim_that_comes_late_is_one_though_other_voices_changed_since() -> None:
    """As from a dead letter. Before, the session stayed ready until that voice changed again."""
    other = replace(CLAIMED, speaker=SpeakerLabel("S2"), claim_version=2, event_id="")
    both = ("S1", "S2")
    ready: list[Event] = [*RECORDED, silent(1), totalled(1), identified(1, *both)]
    assert concluded([*ready, other, CLAIMED]) == [
        (SessionReady, both),
        (SessionCompleted, both),
    ]


def test_a_claim_that_comes_late_is_no_newer_than_a_release_of_the_same_voice() -> None:
    gone = SpeakerReleased(
        occurred_at_ms=20,
        session_id=SESSION,
        request_id="r",
        speaker=SpeakerLabel("S1"),
        by=OWNER,
        claim_version=2,
        unclaimed=1,
    )
    ready: list[Event] = [*RECORDED, silent(1), totalled(1), identified(1, "S1")]
    assert concluded([*ready, gone, CLAIMED]) == [(SessionReady, ("S1",))]
